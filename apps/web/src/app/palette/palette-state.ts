import { ref } from 'vue'

/** Whether the palette is shown; its code is loaded when it is opened first. */
export const paletteOpen = ref(false)
