import { onScopeDispose, shallowReactive, watch, type Ref } from 'vue'
import { followAnswer, type LiveAnswer } from '../../../app/live-answer.ts'
import type { Message } from '../chat.api.ts'

/** When the open reasoning of a half-made answer began, by this browser's clock: the server says how long ago. */
function reasoningSince(message: Message): number | null {
  const last = message.parts.at(-1)
  if (last?.type !== 'reasoning' || last.durationMs !== null) return null
  const { durationMs, firstTokenMs } = message.answer?.meter ?? {}
  return Date.now() - Math.max(0, (durationMs ?? 0) - (firstTokenMs ?? 0))
}

/** Follows every answer of a thread that is being made; what is shown of it goes on where the thread's copy ends. */
export function useAnswers(messages: Ref<readonly Message[]>, onDone: () => void) {
  const live = shallowReactive(new Map<string, LiveAnswer>())

  watch(
    messages,
    (all) => {
      const shown = new Set<string>()
      for (const message of all) {
        const { answer } = message
        if (!answer) continue
        shown.add(answer.generationId)
        const known = live.get(answer.generationId)
        if (answer.state === 'running' && !known) {
          live.set(
            answer.generationId,
            followAnswer({
              generationId: answer.generationId,
              parts: message.parts,
              seq: answer.seq,
              reasoningSince: reasoningSince(message),
              onDone,
            }),
          )
        } else if (answer.state !== 'running' && known) drop(answer.generationId)
      }
      for (const id of live.keys()) if (!shown.has(id)) drop(id)
    },
    { immediate: true },
  )

  function drop(id: string): void {
    live.get(id)?.stop()
    live.delete(id)
  }

  onScopeDispose(() => {
    for (const id of live.keys()) drop(id)
  })

  return live
}
