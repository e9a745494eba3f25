import { setTimeout as wait } from 'node:timers/promises'
import { type Platform, systemContext } from '../context.ts'
import { type Db, fromJson, toJson } from '../db/index.ts'
import { AppError } from '../errors.ts'
import type { Log } from '../log/index.ts'
import type { JobDefinition, JobNote } from './job-run.ts'
import { type JobRow, endJob } from './jobs.repo.ts'

const writeTries = 5
const writePauseMs = 500

/** One attempt at a job, on this server. */
export interface Running {
  readonly row: JobRow
  readonly attempt: number
  /** Its reason is `cancelled`, `lost` (another server has it) or `stopping`. */
  readonly abort: AbortController
  progress: number
  note: JobNote | null
}

interface Ending {
  state: 'done' | 'failed' | 'cancelled'
  result: unknown
  problem: JobNote | null
}

function problemOf(error: unknown): JobNote {
  if (error instanceof AppError) return { code: error.code, params: { ...error.params } }
  return { code: 'platform.internal', params: {} }
}

/** Runs it to its end; null where it goes back to the queue, or is another server's by now. */
async function outcomeOf(
  definition: JobDefinition,
  running: Running,
  platform: Platform,
): Promise<Ending | null> {
  const { row, attempt, abort } = running
  const { signal } = abort
  const cancelled: Ending = { state: 'cancelled', result: null, problem: null }
  /* Cancelled while its server was dead. */
  if (signal.aborted && signal.reason === 'cancelled') return cancelled
  try {
    const result = await definition.run({
      id: row.id,
      payload: fromJson(row.payload),
      attempt,
      signal,
      ctx: systemContext(platform, definition.kind),
      progress(fraction, note) {
        running.progress = Math.min(1, Math.max(0, fraction))
        running.note = note ?? running.note
      },
    })
    return { state: 'done', result, problem: null }
  } catch (error) {
    if (signal.aborted) return signal.reason === 'cancelled' ? cancelled : null
    platform.log.error(`the job ${definition.kind} failed`, { error, job: row.id })
    return { state: 'failed', result: null, problem: problemOf(error) }
  }
}

async function writeEnd(db: Db, log: Log, running: Running, ending: Ending): Promise<void> {
  const { row, attempt } = running
  for (let tries = 1; ; tries++) {
    try {
      await db.transaction((tx) =>
        tx.run(endJob, {
          id: row.id,
          attempt,
          state: ending.state,
          progress: ending.state === 'done' ? 1 : running.progress,
          result: ending.result == null ? null : toJson(ending.result),
          error: ending.problem && toJson(ending.problem),
        }),
      )
      return
    } catch (error) {
      if (tries < writeTries) await wait(writePauseMs * tries)
      else return log.error("a job's end could not be written; it will be run again", { error, job: row.id })
    }
  }
}

/** One attempt, and the writing of its end. Never rejects. */
export async function runJob(definition: JobDefinition, running: Running, platform: Platform): Promise<void> {
  const ending = await outcomeOf(definition, running, platform)
  if (ending) await writeEnd(platform.db, platform.log, running, ending)
}
