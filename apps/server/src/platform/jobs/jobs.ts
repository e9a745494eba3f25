import { type Platform, systemContext } from '../context.ts'
import { type Db, type Reader, fromJson, toJson } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Log } from '../log/index.ts'
import type { WriteTx } from '../write.ts'
import type { JobDefinition, JobNote } from './job-run.ts'
import {
  type JobRow,
  cancelQueued,
  endJob,
  insertJob,
  jobById,
  jobByKey,
  queuedOf,
  renewJob,
  requestCancel,
  requeueLapsed,
  requeueOwn,
  takeJob,
} from './jobs.repo.ts'

const leaseMs = 15_000
const renewMs = 4000
/** How soon another server's jobs, and those of a dead one, are looked for. */
const pollMs = 2000
const stopMs = 3000

interface Running {
  abort: AbortController
  progress: number
  note: JobNote | null
  done: Promise<void>
}

export interface JobOptions {
  db: Db
  nodeId: string
  log: Log
}

/**
 * Work that outlives a request: a table with leases by the database's clock. A job whose server has died is taken up
 * again, from its start, by whoever sees its lease lapse.
 */
export class Jobs {
  private readonly options: JobOptions
  private readonly definitions = new Map<string, JobDefinition>()
  private readonly running = new Map<string, Running>()
  private readonly counts = new Map<string, number>()
  private platform: Platform | null = null
  private timers: NodeJS.Timeout[] = []
  private paused = false
  private pumping = false
  private again = false

  constructor(options: JobOptions) {
    this.options = options
  }

  define(definition: JobDefinition): void {
    this.definitions.set(definition.kind, definition)
    this.pump()
  }

  /** Within the caller's transaction; begins once that is committed. With a `key` that lives already, gives that job. */
  async enqueue(
    tx: WriteTx,
    job: { kind: string; key?: string; payload: unknown; ownerId: string | null },
  ): Promise<string> {
    const present = job.key === undefined ? undefined : await tx.first(jobByKey, { live_key: job.key })
    if (present) return present.id
    const id = newId()
    await tx.run(insertJob, {
      id,
      kind: job.kind,
      live_key: job.key ?? null,
      payload: toJson(job.payload),
      owner_id: job.ownerId,
      created_at: Date.now(),
    })
    tx.afterCommit(() => this.pump())
    return id
  }

  get(reader: Reader, id: string): Promise<JobRow | undefined> {
    return reader.first(jobById, { id })
  }

  /** A queued job ends at once, a running one when it heeds its signal. */
  async cancel(tx: WriteTx, id: string): Promise<void> {
    await tx.run(requestCancel, { id })
    await tx.run(cancelQueued, { id })
    tx.afterCommit(() => this.running.get(id)?.abort.abort('cancelled'))
  }

  async start(platform: Platform): Promise<void> {
    this.platform = platform
    const { db, nodeId } = this.options
    await db.transaction((tx) => tx.run(requeueOwn, { node_id: nodeId }))
    this.timers = [setInterval(() => void this.renewAll(), renewMs)]
    if (db.dialect !== 'sqlite') this.timers.push(setInterval(() => void this.takeOver(), pollMs))
    this.pump()
  }

  /** No job is taken any more; those that run go on. */
  pause(): void {
    this.paused = true
  }

  async stop(): Promise<void> {
    this.paused = true
    for (const timer of this.timers) clearInterval(timer)
    for (const { abort } of this.running.values()) abort.abort('stopping')
    const all = Promise.all([...this.running.values()].map((one) => one.done))
    await Promise.race([all, new Promise((resolve) => setTimeout(resolve, stopMs).unref())])
    const { db, nodeId } = this.options
    await db.transaction((tx) => tx.run(requeueOwn, { node_id: nodeId })).catch(() => undefined)
  }

  private pump(): void {
    if (!this.platform || this.paused) return
    if (this.pumping) {
      this.again = true
      return
    }
    this.pumping = true
    this.takeSome()
      .catch((error: unknown) => this.options.log.warn('jobs could not be taken', { error }))
      .finally(() => {
        this.pumping = false
        if (!this.again) return
        this.again = false
        this.pump()
      })
  }

  private async takeSome(): Promise<void> {
    const { db, nodeId } = this.options
    for (const definition of this.definitions.values()) {
      const free = definition.concurrency - (this.counts.get(definition.kind) ?? 0)
      if (free <= 0) continue
      for (const row of await db.read.all(queuedOf, { kind: definition.kind, limit: free })) {
        const { changes } = await db.transaction((tx) =>
          tx.run(takeJob, { id: row.id, node_id: nodeId, ms: leaseMs }),
        )
        if (changes > 0) this.begin(definition, row)
      }
    }
  }

  private begin(definition: JobDefinition, row: JobRow): void {
    const { platform } = this
    if (!platform) return
    const running: Running = {
      abort: new AbortController(),
      progress: 0,
      note: null,
      done: Promise.resolve(),
    }
    const attempt = row.attempt + 1
    this.counts.set(row.kind, (this.counts.get(row.kind) ?? 0) + 1)
    this.running.set(row.id, running)
    if (row.cancel_requested === 1) running.abort.abort('cancelled')
    running.done = this.run(definition, row, attempt, running, platform).finally(() => {
      this.running.delete(row.id)
      this.counts.set(row.kind, (this.counts.get(row.kind) ?? 1) - 1)
      this.pump()
    })
  }

  private async run(
    definition: JobDefinition,
    row: JobRow,
    attempt: number,
    running: Running,
    platform: Platform,
  ): Promise<void> {
    const { signal } = running.abort
    let state = 'done'
    let result: unknown = null
    let problem: JobNote | null = null
    try {
      result = await definition.run({
        id: row.id,
        payload: fromJson(row.payload),
        attempt,
        signal,
        ctx: systemContext(platform, definition.kind),
        progress: (fraction, note) => {
          running.progress = Math.min(1, Math.max(0, fraction))
          running.note = note ?? running.note
        },
      })
    } catch (error) {
      /* Back to the queue, for the next start. */
      if (signal.aborted && signal.reason !== 'cancelled') return
      state = signal.aborted ? 'cancelled' : 'failed'
      problem =
        error instanceof AppError
          ? { code: error.code, params: { ...error.params } }
          : { code: 'platform.internal', params: {} }
      if (state === 'failed')
        this.options.log.error(`the job ${definition.kind} failed`, { error, job: row.id })
    }
    await this.end(row.id, attempt, state, result, problem)
  }

  private async end(
    id: string,
    attempt: number,
    state: string,
    result: unknown,
    problem: JobNote | null,
  ): Promise<void> {
    const { db, log } = this.options
    try {
      await db.transaction((tx) =>
        tx.run(endJob, {
          id,
          attempt,
          state,
          result: result == null ? null : toJson(result),
          error: problem && toJson(problem),
        }),
      )
    } catch (error) {
      log.error("a job's end could not be written; it will be run again", { error, job: id })
    }
  }

  private async renewAll(): Promise<void> {
    const { db, nodeId, log } = this.options
    for (const [id, { abort, progress, note }] of this.running) {
      try {
        const row = await db.read.first(jobById, { id })
        if (row?.cancel_requested === 1) abort.abort('cancelled')
        const { changes } = await db.transaction((tx) =>
          tx.run(renewJob, {
            id,
            node_id: nodeId,
            attempt: row?.attempt ?? 0,
            ms: leaseMs,
            progress,
            note: note && toJson(note),
          }),
        )
        if (changes === 0 && this.running.has(id)) abort.abort('lost')
      } catch (error) {
        log.warn("a job's lease could not be renewed", { error, job: id })
      }
    }
  }

  private async takeOver(): Promise<void> {
    try {
      await this.options.db.transaction((tx) => tx.run(requeueLapsed, {}))
      this.pump()
    } catch (error) {
      this.options.log.warn('jobs of other servers could not be looked for', { error })
    }
  }
}
