import { StepForward } from '@lucide/vue'
import { computed, type Ref } from 'vue'
import { useTexts } from '../../../composables/texts.ts'
import { hasEnded } from '../../../composables/work-states.ts'
import { type Run, useCheckpoints } from '../training.api.ts'

/** The entry of a menu that opens the form to go on from an ended run's newest checkpoint; null without one. */
export function useGoOn(run: Ref<Run | undefined>) {
  const { t, formatNumber } = useTexts()
  const checkpoints = useCheckpoints(computed(() => run.value?.id ?? ''))
  return computed(() => {
    const newest = checkpoints.data.value?.find((one) => one.kind === 'checkpoint')
    if (!run.value || !newest || !hasEnded(run.value.state)) return null
    return {
      label: t('training.goOnFrom', { step: formatNumber(newest.step) }),
      icon: StepForward,
      to: `/training/new?from=${run.value.id}&checkpoint=${newest.id}`,
    }
  })
}
