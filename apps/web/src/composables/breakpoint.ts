import { useMediaQuery } from '@vueuse/core'
import { computed } from 'vue'
import type { ComputedRef, Ref } from 'vue'

/** `phone` below 768, `narrow` below 1280 (the sidebar is folded, rails are tabs or drawers). */
export function useBreakpoint(): { phone: Ref<boolean>; narrow: Ref<boolean>; wide: ComputedRef<boolean> } {
  const phone = useMediaQuery('(max-width: 767px)')
  const narrow = useMediaQuery('(max-width: 1279px)')
  return { phone, narrow, wide: computed(() => !narrow.value) }
}
