import { computed, ref, watch } from 'vue'
import { useTicking } from '../../../composables/ticking.ts'
import { hasEnded } from '../../../composables/work-states.ts'
import type { Run } from '../training.api.ts'

/** Seconds left of a run, counted down between pushes; null where it is not known. */
export function useTimeLeft(run: () => Run) {
  const at = ref(Date.now())
  const counts = () => run().secondsLeft !== null && !hasEnded(run().state)
  const now = useTicking(counts)
  watch(
    () => [run().secondsLeft, run().step],
    () => (at.value = Date.now()),
  )
  return computed(() => {
    const { secondsLeft } = run()
    if (secondsLeft === null || !counts()) return null
    return Math.max(0, secondsLeft - Math.max(0, now.value - at.value) / 1000)
  })
}
