import { watch, type Ref } from 'vue'
import { useTexts } from '../../../composables/texts.ts'
import { hasEnded } from '../../../composables/work-states.ts'
import { announce } from '../../../ui/announce.ts'
import type { Run } from '../training.api.ts'

/** Tells readers of the screen, politely, each new state and each tenth of the way. */
export function useRunStatus(run: Ref<Run | undefined>): void {
  const { t, formatDuration, formatPercent } = useTexts()
  const tenth = (value: Run | undefined): number =>
    value ? Math.floor((value.step / value.settings.steps) * 10) : -1

  watch(
    () => [run.value?.id, run.value?.state, tenth(run.value)] as const,
    ([id, state, now], [idBefore, stateBefore, before]) => {
      const { value } = run
      if (!value || id !== idBefore) return
      const { name, secondsLeft } = value
      if (state !== stateBefore)
        return announce(t('training.says.ended', { name, state: t(`training.states.${value.state}`) }))
      if (now === before || hasEnded(value.state)) return
      const percent = formatPercent(value.step / value.settings.steps)
      announce(
        secondsLeft === null
          ? t('training.says.runningPlain', { name, percent })
          : t('training.says.running', { name, percent, left: formatDuration(secondsLeft) }),
      )
    },
  )
}
