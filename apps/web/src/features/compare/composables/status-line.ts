import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { useTexts } from '../../../composables/texts.ts'
import type { PaneView } from './pane-views.ts'

const pauseMs = 5000

/** What a screen reader is told of the panes: each one's state when it changes, at most every five seconds. */
export function useStatusLine(views: Ref<readonly PaneView[]>): Readonly<Ref<string>> {
  const { t } = useTexts()
  const status = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let saidAt = 0
  let wasLive = false

  watch(
    () => views.value.map(({ letter, state }) => `${letter}${state}`).join(),
    () => {
      wasLive ||= views.value.some((view) => view.live)
      if (!wasLive) return
      clearTimeout(timer)
      timer = setTimeout(
        () => {
          saidAt = Date.now()
          status.value = views.value
            .filter(({ state }) => state !== 'idle')
            .map(({ letter, state }) =>
              t('compare.status', { pane: t('compare.pane', { letter }), state: t(`compare.${state}`) }),
            )
            .join('. ')
        },
        Math.max(0, pauseMs - (Date.now() - saidAt)),
      )
    },
  )
  onScopeDispose(() => clearTimeout(timer))
  return status
}
