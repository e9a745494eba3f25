import { reactive, ref, watch } from 'vue'

/** Something that lies over the page: it is there from its opening until it has closed, and costs nothing otherwise. */
export function useLayer() {
  const open = ref(false)
  const there = ref(false)
  watch(open, (now) => {
    if (now) there.value = true
  })
  return reactive({ open, there })
}
