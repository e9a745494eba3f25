import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { runAfterCommit } from '../after-commit.ts'
import { translate } from '../errors.ts'
import type { Tx } from '../types.ts'
import { type Connection, whileBusy } from './connection.ts'
import { SqliteTx } from './tx.ts'

/** Transactions committed together at most: the last of them waits for all. */
const mostTogether = 200

interface Job {
  work: (tx: Tx) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

interface Done {
  job: Job
  value: unknown
  after: readonly (() => void)[]
}

interface Failed {
  job: Job
  error: unknown
}

/** Writes in groups: those that wait are committed together, each but the first behind a savepoint of its own. */
export class Writer {
  private readonly database: Database.Database
  private readonly connection: Connection
  private readonly words: Record<
    'begin' | 'commit' | 'rollback' | 'mark' | 'keep' | 'undo',
    Database.Statement
  >
  private readonly queue: Job[] = []
  private draining = false
  /** Ends the transaction that is at work. */
  private stalled: ((error: Error) => void) | null = null

  constructor(connection: Connection) {
    const { database } = connection
    this.connection = connection
    this.database = database
    this.words = {
      begin: database.prepare('begin immediate'),
      commit: database.prepare('commit'),
      rollback: database.prepare('rollback'),
      mark: database.prepare('savepoint one'),
      keep: database.prepare('release one'),
      undo: database.prepare('rollback to one'),
    }
  }

  add<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.queue.push({ work, resolve: resolve as (value: unknown) => void, reject })
      if (this.draining) return
      this.draining = true
      /* At the end of this turn of the loop: what other requests of it write is committed with it. */
      setImmediate(() => void this.drain())
    })
  }

  async idle(): Promise<void> {
    while (this.draining) await wait(5)
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      try {
        await whileBusy(() => this.words.begin.run())
      } catch (error) {
        for (const job of this.queue.splice(0)) job.reject(error)
        break
      }
      await this.group()
      /* Reads and sockets have their turn between two groups. */
      if (this.queue.length > 0) await nextTurn()
    }
    this.draining = false
  }

  private async group(): Promise<void> {
    const done: Done[] = []
    const failed: Failed[] = []
    const watch = this.watch()
    try {
      for (let met = 0; met < mostTogether; met++) {
        const job = this.queue.shift()
        if (!job) break
        await this.one(job, done, failed)
      }
      await whileBusy(() => this.words.commit.run())
    } catch (error) {
      if (this.database.inTransaction) this.words.rollback.run()
      for (const { job } of done.splice(0)) failed.push({ job, error: translate('sqlite', error) })
    } finally {
      watch.end()
    }
    for (const { job, error } of failed) job.reject(error)
    for (const { job, value, after } of done) {
      runAfterCommit(after)
      job.resolve(value)
    }
  }

  /** Adds to what is done or has failed; throws where the group's transaction cannot go on. */
  private async one(job: Job, done: Done[], failed: Failed[]): Promise<void> {
    const tx = new SqliteTx(this.connection)
    const first = done.length === 0
    try {
      if (!first) this.words.mark.run()
      const value = await new Promise((resolve, reject) => {
        this.stalled = reject
        job.work(tx).then(resolve, reject)
      })
      if (tx.failure) throw tx.failure.error
      if (!first) this.words.keep.run()
      done.push({ job, value, after: tx.after })
    } catch (error) {
      failed.push({ job, error: tx.failure?.error ?? error })
      this.undo(first, done, failed)
    } finally {
      tx.ended = true
      this.stalled = null
    }
  }

  private undo(first: boolean, done: Done[], failed: Failed[]): void {
    const { database, words } = this
    if (!first && database.inTransaction) {
      words.undo.run()
      words.keep.run()
      return
    }
    /* SQLite may have rolled back the whole by itself (a full disk): with it went what was done before. */
    const error = failed.at(-1)?.error
    for (const { job } of done.splice(0)) failed.push({ job, error })
    if (database.inTransaction) words.rollback.run()
    words.begin.run()
  }

  /** What awaits the database alone settles before the event loop turns. Anything else would hold up every writer. */
  private watch(): { end(): void } {
    let immediate: NodeJS.Immediate
    const look = () => {
      this.stalled?.(new Error('A transaction awaited something that is not the database.'))
      immediate = setImmediate(look)
    }
    immediate = setImmediate(look)
    return { end: () => clearImmediate(immediate) }
  }
}
