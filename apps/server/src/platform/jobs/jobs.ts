import type { Platform } from '../context.ts'
import { type Db, type Reader, toJson } from '../db/index.ts'
import { newId } from '../ids.ts'
import type { Log } from '../log/index.ts'
import type { WriteTx } from '../write.ts'
import type { JobDefinition } from './job-run.ts'
import {
  type JobRow,
  cancelQueued,
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
import { type Running, runJob } from './run-job.ts'

const leaseMs = 15_000
const renewMs = 4000
/** How soon another server's jobs, and those of a dead one, are looked for. */
const pollMs = 2000
const stopMs = 3000
/** A job of the same key that ends while one is added makes room for it. */
const keyTries = 3

interface Live extends Running {
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
  private readonly running = new Map<string, Live>()
  private readonly counts = new Map<string, number>()
  private platform: Platform | null = null
  private timers: NodeJS.Timeout[] = []
  private paused = false
  private pumping: Promise<void> | null = null
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
    const id = newId()
    const row = {
      id,
      kind: job.kind,
      live_key: job.key ?? null,
      payload: toJson(job.payload),
      owner_id: job.ownerId,
      created_at: Date.now(),
    }
    tx.afterCommit(() => this.pump())
    if (job.key === undefined) {
      await tx.run(insertJob, row)
      return id
    }
    for (let tries = 1; tries < keyTries; tries++) {
      const present = await tx.first(jobByKey, { live_key: job.key })
      if (present) return present.id
      /* Waits for whoever adds the same key at this moment, and is then no error, which would end the transaction. */
      await tx.run(insertJob, row)
    }
    return (await tx.first(jobByKey, { live_key: job.key }))?.id ?? id
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
    await this.pumping
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
    this.pumping = this.takeSome()
      .catch((error: unknown) => {
        this.options.log.warn('jobs could not be taken; trying again', { error })
        setTimeout(() => this.pump(), pollMs).unref()
      })
      .finally(() => {
        this.pumping = null
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
        if (this.paused) return
        const { changes } = await db.transaction((tx) =>
          tx.run(takeJob, { id: row.id, node_id: nodeId, attempt: row.attempt, ms: leaseMs }),
        )
        if (changes > 0) this.begin(definition, row)
      }
    }
  }

  private begin(definition: JobDefinition, row: JobRow): void {
    const { platform } = this
    if (!platform) return
    /* A stall of this server let its lease lapse, and it has taken its own job anew. */
    this.running.get(row.id)?.abort.abort('lost')
    const abort = new AbortController()
    if (row.cancel_requested === 1) abort.abort('cancelled')
    const running: Running = { row, attempt: row.attempt + 1, abort, progress: 0, note: null }
    this.counts.set(row.kind, (this.counts.get(row.kind) ?? 0) + 1)
    const live: Live = Object.assign(running, {
      done: runJob(definition, running, platform).finally(() => {
        if (this.running.get(row.id) === live) this.running.delete(row.id)
        this.counts.set(row.kind, (this.counts.get(row.kind) ?? 1) - 1)
        this.pump()
      }),
    })
    this.running.set(row.id, live)
  }

  private async renewAll(): Promise<void> {
    const { db, nodeId, log } = this.options
    for (const live of this.running.values()) {
      const { row, attempt, abort, progress, note } = live
      try {
        const present = await db.read.first(jobById, { id: row.id })
        if (present?.cancel_requested === 1) abort.abort('cancelled')
        const { changes } = await db.transaction((tx) =>
          tx.run(renewJob, {
            id: row.id,
            node_id: nodeId,
            attempt,
            ms: leaseMs,
            progress,
            note: note && toJson(note),
          }),
        )
        if (changes === 0 && this.running.get(row.id) === live) abort.abort('lost')
      } catch (error) {
        log.warn("a job's lease could not be renewed", { error, job: row.id })
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
