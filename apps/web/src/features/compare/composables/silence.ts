import { computed, type Ref } from 'vue'
import { useTexts } from '../../../composables/texts.ts'
import type { PaneView } from './pane-views.ts'

/** Silence that is worth saying: a pause between words is none, the wait for the first may be long. */
const pauseMs = 5000
const waitMs = 10_000

/** How long nothing has come from a pane that should be answering, in words; empty while all is well. */
export function useSilence(view: () => PaneView, now: Readonly<Ref<number>>) {
  const { formatDuration } = useTexts()
  return computed(() => {
    const { live, state, following } = view()
    if (!live || !following) return ''
    const silentMs = now.value - following.heardAt.value
    return silentMs > (state === 'waiting' ? waitMs : pauseMs)
      ? formatDuration(Math.floor(silentMs / 1000))
      : ''
  })
}
