import { useIntervalFn } from '@vueuse/core'
import { readonly, ref, watch, type Ref } from 'vue'

/** The time, each second while `active`: for what counts up or down. */
export function useTicking(active: () => boolean): Readonly<Ref<number>> {
  const now = ref(Date.now())
  const clock = useIntervalFn(() => (now.value = Date.now()), 1000, { immediate: false })
  watch(
    active,
    (on) => {
      now.value = Date.now()
      if (on) clock.resume()
      else clock.pause()
    },
    { immediate: true },
  )
  return readonly(now)
}
