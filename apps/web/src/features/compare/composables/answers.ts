import { onScopeDispose, shallowReactive, watch, type Ref } from 'vue'
import { followAnswer, type LiveAnswer } from '../../../app/live-answer.ts'
import type { Answer } from '../compare.api.ts'

/** When the open reasoning of a half-made answer began, by this browser's clock: the server says how long ago. */
function reasoningSince({ parts, meter }: Answer): number | null {
  const last = parts.at(-1)
  if (last?.type !== 'reasoning' || last.durationMs !== null) return null
  return Date.now() - Math.max(0, (meter.durationMs ?? 0) - (meter.firstTokenMs ?? 0))
}

interface AnswerEvents {
  /** The first piece of an answer came: from now on the server knows how long it took. */
  onFirst: () => void
  onDone: () => void
}

/** Follows every answer that is being made, each by itself: a slow one holds up none of the others. */
export function useAnswers(answers: Ref<readonly Answer[]>, events: AnswerEvents) {
  const live = shallowReactive(new Map<string, LiveAnswer>())

  function follow(answer: Answer, generationId: string): void {
    live.set(
      generationId,
      followAnswer({
        generationId,
        parts: answer.parts,
        seq: answer.seq,
        reasoningSince: reasoningSince(answer),
        onFirst: events.onFirst,
        onDone: events.onDone,
      }),
    )
  }

  watch(
    answers,
    (all) => {
      const running = new Set<string>()
      for (const answer of all) {
        if (answer.state !== 'running' || answer.generationId === null) continue
        running.add(answer.generationId)
        if (!live.has(answer.generationId)) follow(answer, answer.generationId)
      }
      for (const id of live.keys()) if (!running.has(id)) drop(id)
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
