import { useIntervalFn } from '@vueuse/core'
import { ref } from 'vue'

/** Counts down whole seconds, as long as the server wants no further attempt. */
export function useWait() {
  const secondsLeft = ref(0)
  let until = 0
  const { pause, resume } = useIntervalFn(tick, 500, { immediate: false })

  function tick(): void {
    secondsLeft.value = Math.max(0, Math.ceil((until - performance.now()) / 1000))
    if (secondsLeft.value === 0) pause()
  }
  function wait(seconds: number): void {
    until = performance.now() + seconds * 1000
    tick()
    resume()
  }
  return { secondsLeft, wait }
}
