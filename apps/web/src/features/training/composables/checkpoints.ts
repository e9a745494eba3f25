import { useThrottleFn } from '@vueuse/core'
import { watch, type Ref } from 'vue'
import { hasEnded } from '../../../composables/work-states.ts'
import { type Run, useCheckpoints } from '../training.api.ts'

/** A run's checkpoints, read again once its step has passed one that is not among them yet. */
export function useRunCheckpoints(id: Ref<string>, run: Ref<Run | undefined>) {
  const list = useCheckpoints(id)
  const reread = useThrottleFn(() => void list.refetch(), 1500, true)

  watch(
    () => run.value?.step ?? 0,
    (step) => {
      const { value } = run
      if (!value || hasEnded(value.state) || !list.data.value) return
      const { saveEvery } = value.settings
      const expected = Math.floor(step / saveEvery) * saveEvery
      const newest = Math.max(0, ...list.data.value.map((one) => one.step))
      if (expected > newest) void reread()
    },
  )
  return list
}
