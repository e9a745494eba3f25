import type { Progress, RunProblem } from './run-state.ts'
import { noProgress } from './run-state.ts'

/** One line of the trainer's events.jsonl. */
export interface TrainerEvent {
  seq: number
  time: number
  type: string
  [field: string]: unknown
}

export interface SavedModel {
  kind: 'checkpoint' | 'result'
  step: number
  path: string
  form: 'full' | 'adapter'
  loss: number | null
  time: number
}

/** All that the events so far add up to. */
export interface Account {
  seq: number
  progress: Progress
  phase: 'preparing' | 'running' | 'finalizing'
  warnings: RunProblem[]
  failure: RunProblem | null
  /** Saved since it was last asked. */
  saved: SavedModel[]
  /** Of the last steps, for the rate of tokens. */
  tokens: { time: number; tokens: number }[]
}

const RATE_STEPS = 32
const WARNINGS_KEPT = 20
const PHASES: Record<string, Account['phase']> = {
  preparing: 'preparing',
  running: 'running',
  saving: 'finalizing',
  finishing: 'finalizing',
}

export function emptyAccount(): Account {
  return {
    seq: 0,
    progress: { ...noProgress },
    phase: 'preparing',
    warnings: [],
    failure: null,
    saved: [],
    tokens: [],
  }
}

export function parseEvent(line: string): TrainerEvent | null {
  try {
    const value = JSON.parse(line) as TrainerEvent
    return typeof value === 'object' && typeof value?.seq === 'number' ? value : null
  } catch {
    return null
  }
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function problem(event: TrainerEvent): RunProblem {
  const given = typeof event.params === 'object' && event.params !== null ? event.params : {}
  const params: RunProblem['params'] = { message: String(event.message ?? '').slice(0, 500) }
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'string' || typeof value === 'number') params[name] = value
  }
  return { code: `training.${String(event.code ?? 'UNKNOWN')}`, params }
}

function addStep(account: Account, event: TrainerEvent): void {
  const tokens = number(event.tokens)
  if (tokens !== null) {
    account.tokens.push({ time: event.time, tokens })
    if (account.tokens.length > RATE_STEPS) account.tokens.shift()
  }
  const first = account.tokens[0]
  const last = account.tokens.at(-1)
  const seconds = first && last ? (last.time - first.time) / 1000 : 0
  Object.assign(account.progress, {
    step: number(event.step) ?? account.progress.step,
    epoch: number(event.epoch),
    loss: number(event.loss),
    learningRate: number(event.learningRate),
    gradientNorm: number(event.gradNorm),
    secondsPerStep: number(event.secondsPerStep),
    secondsLeft: number(event.secondsLeft),
    tokensPerSecond: seconds > 0 && first && last ? (last.tokens - first.tokens) / seconds : null,
  })
}

function addSaved(account: Account, event: TrainerEvent): void {
  if (typeof event.path !== 'string') return
  const isResult = event.type === 'result'
  account.saved.push({
    kind: isResult ? 'result' : 'checkpoint',
    step: number(event.step) ?? account.progress.step,
    path: event.path,
    form: event.kind === 'adapter' ? 'adapter' : 'full',
    loss: account.progress.loss,
    time: event.time,
  })
  if (!isResult) return
  account.progress.step = number(event.step) ?? account.progress.step
  account.progress.secondsLeft = null
}

/** Adds one event; false for one that was counted before (read again after a restart). */
export function addEvent(account: Account, event: TrainerEvent): boolean {
  if (event.seq <= account.seq) return false
  account.seq = event.seq
  const { progress } = account
  progress.parameters = number(event.parameters) ?? progress.parameters
  progress.trainableParameters = number(event.trainableParameters) ?? progress.trainableParameters
  if (event.type === 'state') {
    account.phase = PHASES[String(event.state)] ?? account.phase
    // One that goes on from a checkpoint is there at once.
    progress.step = Math.max(progress.step, number(event.step) ?? 0)
  } else if (event.type === 'step') addStep(account, event)
  else if (event.type === 'checkpoint' || event.type === 'result') addSaved(account, event)
  else if (event.type === 'device') progress.device = String(event.name ?? event.kind ?? '')
  else if (event.type === 'failure') account.failure = problem(event)
  else if (event.type === 'warning' && account.warnings.length < WARNINGS_KEPT)
    account.warnings.push(problem(event))
  return true
}
