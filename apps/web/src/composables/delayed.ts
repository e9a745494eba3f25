import { onScopeDispose, ref, watch } from 'vue'
import type { Ref } from 'vue'

/** True once the source has been true for `delay` ms (200: when a skeleton may appear); false at once. */
export function useDelayed(source: () => boolean, delay = 200): Readonly<Ref<boolean>> {
  const shown = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    source,
    (value) => {
      clearTimeout(timer)
      if (!value) shown.value = false
      else timer = setTimeout(() => (shown.value = true), delay)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return shown
}
