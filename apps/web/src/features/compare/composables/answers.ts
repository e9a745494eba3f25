import { onScopeDispose, shallowReactive, watch, type Ref } from 'vue'
import { followAnswer, type LiveAnswer } from '../../../app/live-answer.ts'
import type { Answer } from '../compare.api.ts'

/** When a half-made answer's first piece came, by this browser's clock: the server says how long ago. */
function firstAt({ meter }: Answer): number | null {
  if (meter.firstTokenMs === null) return null
  return Date.now() - Math.max(0, (meter.durationMs ?? 0) - meter.firstTokenMs)
}

/** When its open reasoning began. */
function reasoningSince(answer: Answer): number | null {
  const last = answer.parts.at(-1)
  return last?.type === 'reasoning' && last.durationMs === null ? (firstAt(answer) ?? Date.now()) : null
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
        firstAt: firstAt(answer),
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
