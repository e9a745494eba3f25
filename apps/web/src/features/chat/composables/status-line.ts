import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'
import type { LiveAnswer } from '../../../app/live-answer.ts'
import { useTexts } from '../../../composables/texts.ts'
import type { ThreadEntry } from './branches.ts'

const pauseMs = 5000

/** What a screen reader is told of an answer: thinking, answering, done; at most every five seconds, never the text. */
export function useStatusLine(path: Ref<readonly ThreadEntry[]>, following: ReadonlyMap<string, LiveAnswer>) {
  const { t, formatNumber } = useTexts()
  const status = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastAt = 0
  let wasLive = false

  const now = computed(() => {
    const answer = path.value.at(-1)?.message.answer
    if (!answer) return ''
    if (answer.state === 'running') {
      const last = following.get(answer.generationId)?.parts.value.at(-1)
      return last?.type === 'text' ? t('chat.answering') : t('ui.answer.thinking')
    }
    const { outputTokens } = answer.meter
    if (!wasLive) return ''
    return outputTokens === null
      ? t('chat.done')
      : t('chat.doneTokens', { n: outputTokens, count: formatNumber(outputTokens) })
  })

  watch(now, (text) => {
    const running = path.value.at(-1)?.message.answer?.state === 'running'
    wasLive ||= running
    clearTimeout(timer)
    timer = setTimeout(
      () => {
        status.value = text
        lastAt = Date.now()
      },
      Math.max(0, running ? pauseMs - (Date.now() - lastAt) : 0),
    )
  })
  onScopeDispose(() => clearTimeout(timer))
  return { status }
}
