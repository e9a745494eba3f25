import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../errors.ts'
import { ProcessLog } from './process-log.ts'
import type { ProcessExit, Processes } from './processes.types.ts'

const LOOK_MS = 200

export interface Step {
  processes: Processes
  folder: string
  python: string
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
  signal: AbortSignal
}

export interface StepResult extends ProcessExit {
  /** Its own lines, of a shared log. */
  lines: string[]
}

async function untilEnded({ processes, folder, signal }: Step): Promise<ProcessExit> {
  for (;;) {
    const exit = await processes.readExit(folder)
    if (exit) return exit
    const identity = await processes.readIdentity(folder)
    if (signal.aborted && identity) await processes.terminate(identity)
    if (identity && !(await processes.isAlive(identity))) {
      await wait(1000) // the wrapper has still to write the ending down
      return (await processes.readExit(folder)) ?? { code: null, signal: 'SIGKILL', time: Date.now() }
    }
    await wait(LOOK_MS)
  }
}

/** Runs one command to its end, its lines in the folder's log. Throws `platform.stopping` if aborted. */
export async function runStep(step: Step): Promise<StepResult> {
  const log = new ProcessLog(step.folder)
  try {
    const before = (await log.page({ limit: 1 })).total
    await step.processes.spawnDetached(step)
    const exit = await untilEnded(step)
    if (step.signal.aborted) throw new AppError('platform.stopping')
    const { lines } = await log.page({ after: before, limit: 20_000 })
    return { ...exit, lines: lines.map((line) => line.text) }
  } finally {
    await log.close()
  }
}

/** Ends what a server that was killed left running in this folder. */
export async function endLeftover(processes: Processes, folder: string): Promise<void> {
  const identity = await processes.readIdentity(folder)
  if (!identity || !(await processes.terminate(identity))) return
  for (let looks = 0; looks < 25 && (await processes.isAlive(identity)); looks += 1) await wait(LOOK_MS)
  await processes.kill(identity)
}
