import type { errorStatus } from '@anneal/contract'
import type { ProcessExit } from '../../platform/processes/index.ts'
import type { RunProblem, RunState } from './run-state.ts'

export interface EndFacts {
  /** Null where neither an exit code nor the process is there. */
  exit: ProcessExit | null
  stopAsked: boolean
  step: number
  steps: number
  hasResult: boolean
  hasCheckpoint: boolean
  failure: RunProblem | null
  /** The last 200 lines of the log. */
  lines: readonly string[]
}

export interface Ending {
  state: Extract<RunState, 'succeeded' | 'stopped' | 'cancelled' | 'failed' | 'lost'>
  error: RunProblem | null
}

type FailureCode = Extract<keyof typeof errorStatus, `training.${Uppercase<string>}`>

/** Signs in the log of a trainer that could not say itself what went wrong; the first that fits counts. */
const SIGNS: readonly [RegExp, FailureCode][] = [
  [/OutOfMemoryError|CUDA out of memory|MPS backend out of memory/, 'training.GPU_OOM'],
  [/MemoryError|DefaultCPUAllocator|Cannot allocate memory/, 'training.HOST_OOM'],
  [/No space left on device|\[Errno 28\]|Disk quota exceeded/, 'training.DISK_FULL'],
  [/size mismatch for|optimizer state|no complete checkpoint/i, 'training.RESUME_MISMATCH'],
  [/chat_template|TemplateError/, 'training.TEMPLATE'],
  [/ImportError|ModuleNotFoundError|cannot import name/, 'training.DEPENDENCY'],
  [
    /trust_remote_code|gated repo|is not a local folder|no model folder|Can't load|SafetensorError/,
    'training.MODEL_LOAD',
  ],
  [/loss is nan|gradient is nan|'loss': nan/i, 'training.NAN_LOSS'],
  [/KeyError: '?messages|JSONDecodeError|DatasetGenerationError/, 'training.DATASET_FORMAT'],
]

/** The line that tells most of why a program ended. */
export function lastWord(lines: readonly string[], exit: ProcessExit): string {
  const error = lines.findLast((line) => /^\s*[\w.]*(Error|Exception)\b/.test(line))
  return (error ?? lines.at(-1) ?? exit.signal ?? `exit code ${exit.code}`).trim().slice(0, 500)
}

/** Puts an ending without words of its own into a class that a person can act on. */
export function classifyFailure(lines: readonly string[], exit: ProcessExit): RunProblem {
  const message = lastWord(lines, exit)
  const text = lines.join('\n')
  const sign = SIGNS.find(([pattern]) => pattern.test(text))
  if (sign) return { code: sign[1], params: { message } }
  // The system sends it when memory runs out, but a person may have: it is not known which.
  if (exit.signal === 'SIGKILL' || exit.code === 137) return { code: 'training.KILLED', params: { message } }
  return { code: 'training.UNKNOWN', params: { message } }
}

/** What became of a run. 'Stopped' follows from the stop that was asked for and the step, never from the exit code. */
export function endingOf(facts: EndFacts): Ending {
  const { exit, failure } = facts
  // What the trainer said itself counts, also where nobody was left to write its exit down.
  if (failure) return { state: 'failed', error: failure }
  if (!exit) return { state: 'lost', error: { code: 'training.LOST', params: {} } }
  if (exit.code === 0 && facts.hasResult) {
    return { state: facts.step < facts.steps ? 'stopped' : 'succeeded', error: null }
  }
  if (facts.stopAsked && (exit.code === 0 || exit.signal === 'SIGTERM' || exit.code === 143)) {
    return { state: facts.hasCheckpoint ? 'stopped' : 'cancelled', error: null }
  }
  return { state: 'failed', error: classifyFailure(facts.lines, exit) }
}
