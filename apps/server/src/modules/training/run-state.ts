import type { training } from '@anneal/contract'
import type { z } from 'zod'

export type RunState = z.output<typeof training.trainingState>
export type RunView = z.output<typeof training.trainingRun>
export type BaseModel = z.output<typeof training.baseModel>
export type Tuning = z.output<typeof training.tuning>
export type TrainingSettings = z.output<typeof training.trainingSettings>

/** With a process, or about to have one. */
export const activeStates: readonly RunState[] = ['preparing', 'running', 'stopping', 'finalizing']
export const liveStates: readonly RunState[] = ['queued', ...activeStates]
export const endedStates: readonly RunState[] = ['stopped', 'succeeded', 'failed', 'cancelled', 'lost']

export function hasEnded(state: RunState): boolean {
  return endedStates.includes(state)
}

/** As stored: times in milliseconds. */
export interface Phase {
  phase: RunView['phases'][number]['phase']
  startedAt: number
  endedAt: number | null
}

const PHASE_OF: Partial<Record<RunState, Phase['phase']>> = {
  queued: 'queue',
  preparing: 'prepare',
  running: 'train',
  finalizing: 'finish',
}

/** The phases once the run has entered `state`: a new one ends the one before, an ending ends the last. */
export function phasesAfter(phases: readonly Phase[], state: RunState, now: number): Phase[] {
  const entered = PHASE_OF[state]
  const last = phases.at(-1)
  if (!hasEnded(state) && (entered === undefined || last?.phase === entered)) return [...phases]
  const closed = phases.map((phase) => (phase.endedAt === null ? { ...phase, endedAt: now } : phase))
  return entered ? [...closed, { phase: entered, startedAt: now, endedAt: null }] : closed
}

/** A failure or warning as it is stored: a code of the catalogue and its parameters. */
export interface RunProblem {
  code: string
  params: Record<string, string | number>
}

/** What the trainer told last. */
export interface Progress {
  step: number
  epoch: number | null
  loss: number | null
  learningRate: number | null
  gradientNorm: number | null
  secondsPerStep: number | null
  tokensPerSecond: number | null
  secondsLeft: number | null
  device: string | null
  parameters: number | null
  trainableParameters: number | null
}

export const noProgress: Progress = {
  step: 0,
  epoch: null,
  loss: null,
  learningRate: null,
  gradientNorm: null,
  secondsPerStep: null,
  tokensPerSecond: null,
  secondsLeft: null,
  device: null,
  parameters: null,
  trainableParameters: null,
}
