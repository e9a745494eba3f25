import { computed, type Ref } from 'vue'
import type { AnswerPart, LiveAnswer } from '../../../app/live-answer.ts'
import type { Model } from '../../../app/pick/models.ts'
import type { State } from '../../../ui/state.ts'
import { type PaneMeter, liveMeter } from './live-meter.ts'
import { type Answer, letterOf, type Pane, type Turn } from '../compare.api.ts'

export type PaneState =
  | 'idle'
  | 'waiting'
  | 'thinking'
  | 'streaming'
  | 'done'
  | 'stopped'
  | 'failed'
  | 'interrupted'

/** One pane as it is shown for one prompt. */
export interface PaneView {
  pane: Pane
  letter: string
  model: Model | null
  /** Its tries at the prompt, oldest first; empty where it was not asked. */
  tries: readonly Answer[]
  answer: Answer | null
  following: LiveAnswer | undefined
  meter: PaneMeter | null
  parts: readonly AnswerPart[]
  state: PaneState
  live: boolean
  /** The answer's text without its reasoning. */
  text: string
}

export const stateMarks: Readonly<Record<PaneState, State>> = {
  idle: 'idle',
  waiting: 'queued',
  thinking: 'live',
  streaming: 'live',
  done: 'ok',
  stopped: 'off',
  failed: 'danger',
  interrupted: 'warn',
}

export function stateOf(answer: Answer | null, parts: readonly AnswerPart[]): PaneState {
  if (!answer) return 'idle'
  if (answer.state === 'finished') return 'done'
  if (answer.state !== 'running') return answer.state
  const last = parts.at(-1)
  if (!last) return 'waiting'
  return last.type === 'reasoning' ? 'thinking' : 'streaming'
}

export const textOf = (parts: readonly AnswerPart[]): string =>
  parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')

/** The panes with their chosen answers to the prompt that is shown. */
export function usePaneViews(
  panes: Ref<readonly Pane[]>,
  turn: Ref<Turn | undefined>,
  models: Ref<readonly Model[] | undefined>,
  following: ReadonlyMap<string, LiveAnswer>,
) {
  return computed<PaneView[]>(() =>
    panes.value.map((pane, index) => {
      const tries = turn.value?.answers.filter((answer) => answer.paneId === pane.id) ?? []
      const answer = tries.find((one) => one.chosen) ?? tries.at(-1) ?? null
      const follow = answer?.generationId ? following.get(answer.generationId) : undefined
      const parts = follow?.parts.value ?? answer?.parts ?? []
      const state = stateOf(answer, parts)
      return {
        pane,
        letter: letterOf(index),
        model: models.value?.find((model) => model.id === pane.modelId) ?? null,
        tries,
        answer,
        following: follow,
        meter: answer && liveMeter(answer, follow),
        parts,
        state,
        live: answer?.state === 'running',
        text: textOf(parts),
      }
    }),
  )
}
