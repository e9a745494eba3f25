import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Bound } from './bind.ts'
import { isBusy, translate } from './errors.ts'
import { compileNow, type Query, type Statement } from './query.ts'
import type { Changes, Db, Reader, Tx } from './types.ts'
import { wordsOf } from './words.ts'

const busyPauseMs = 10
const busyForMs = 10_000
/** Transactions committed together at most: the last of them waits for all. */
const mostTogether = 200

class Connection {
  readonly database: Database.Database
  private readonly statements = new Map<string, Database.Statement>()

  constructor(database: Database.Database) {
    this.database = database
  }

  prepare({ sql, key }: Statement): Database.Statement {
    if (key === null) return this.database.prepare(sql)
    let statement = this.statements.get(key)
    if (!statement) this.statements.set(key, (statement = this.database.prepare(sql)))
    return statement
  }

  all<R>(statement: Statement, values: Bound[]): R[] {
    return this.prepare(statement).all(...values) as R[]
  }

  get<R>(statement: Statement, values: Bound[]): R | undefined {
    return this.prepare(statement).get(...values) as R | undefined
  }

  run(statement: Statement, values: Bound[]): Changes {
    return { changes: this.prepare(statement).run(...values).changes }
  }
}

/** Tries again while somebody else holds the file, without holding up the event loop. */
async function whileBusy<T>(work: () => T): Promise<T> {
  const until = Date.now() + busyForMs
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || Date.now() > until) throw translate('sqlite', error)
    }
    await wait(busyPauseMs)
  }
}

function readerOf(connection: Connection): Reader {
  const attempt = async <T>(work: () => T): Promise<T> => {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error)) throw translate('sqlite', error)
    }
    return whileBusy(work)
  }
  return {
    dialect: 'sqlite',
    all: (query, params) =>
      attempt(() => {
        const compiled = query.compiled('sqlite')
        return connection.all(compiled, compiled.bind(params))
      }),
    first: (query, params) =>
      attempt(() => {
        const compiled = query.compiled('sqlite')
        return connection.get(compiled, compiled.bind(params))
      }),
    dynamic: (build) =>
      attempt(() => {
        const { statement, values } = compileNow('sqlite', build)
        return connection.all(statement, values)
      }),
  }
}

interface Job {
  work: (tx: Tx) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

interface Outcome {
  job: Job
  value?: unknown
  error?: unknown
  failed: boolean
  after: (() => void)[]
}

/** One transaction on the writing connection; a statement that fails ends it. */
class SqliteTx implements Tx {
  readonly dialect = 'sqlite'
  readonly after: (() => void)[] = []
  failure: { error: unknown } | null = null
  ended = false
  private readonly connection: Connection

  constructor(connection: Connection) {
    this.connection = connection
  }

  async all<P, R>(query: Query<P, R>, params: P): Promise<R[]> {
    return this.attempt(() => {
      const compiled = query.compiled('sqlite')
      return this.connection.all<R>(compiled, compiled.bind(params))
    })
  }

  async first<P, R>(query: Query<P, R>, params: P): Promise<R | undefined> {
    return this.attempt(() => {
      const compiled = query.compiled('sqlite')
      return this.connection.get<R>(compiled, compiled.bind(params))
    })
  }

  async run<P>(query: Query<P, unknown>, params: P): Promise<Changes> {
    return this.attempt(() => {
      const compiled = query.compiled('sqlite')
      return this.connection.run(compiled, compiled.bind(params))
    })
  }

  async dynamic<T, R>(build: Parameters<typeof compileNow<T>>[1]): Promise<R[]> {
    return this.attempt(() => {
      const { statement, values } = compileNow('sqlite', build)
      return this.connection.all<R>(statement, values)
    })
  }

  async runDynamic<T>(build: Parameters<typeof compileNow<T>>[1]): Promise<Changes> {
    return this.attempt(() => {
      const { statement, values } = compileNow('sqlite', build)
      return this.connection.run(statement, values)
    })
  }

  afterCommit(work: () => void): void {
    this.after.push(work)
  }

  private attempt<T>(work: () => T): T {
    if (this.ended) throw new Error('This transaction has ended: something of it was not awaited.')
    if (this.failure) throw this.failure.error
    try {
      return work()
    } catch (error) {
      this.failure = { error: translate('sqlite', error) }
      throw this.failure.error
    }
  }
}

/** Writes in groups: those that wait are committed together, each behind a savepoint of its own. */
class Writer {
  private readonly connection: Connection
  private readonly queue: Job[] = []
  private draining = false

  constructor(connection: Connection) {
    this.connection = connection
  }

  add<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.queue.push({ work, resolve: resolve as (value: unknown) => void, reject })
      if (this.draining) return
      this.draining = true
      setImmediate(() => void this.drain())
    })
  }

  async idle(): Promise<void> {
    while (this.draining) await wait(5)
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      try {
        await whileBusy(() => this.connection.database.exec('begin immediate'))
      } catch (error) {
        for (const job of this.queue.splice(0)) job.reject(error)
        continue
      }
      await this.group()
    }
    this.draining = false
  }

  private async group(): Promise<void> {
    const outcomes: Outcome[] = []
    const { database } = this.connection
    while (outcomes.length < mostTogether) {
      const job = this.queue.shift()
      if (!job) break
      outcomes.push(await this.one(job))
    }
    try {
      await whileBusy(() => database.exec('commit'))
    } catch (error) {
      if (database.inTransaction) database.exec('rollback')
      for (const { job } of outcomes) job.reject(translate('sqlite', error))
      return
    }
    for (const { job, failed, error, value, after } of outcomes) {
      if (failed) {
        job.reject(error)
        continue
      }
      for (const work of after) work()
      job.resolve(value)
    }
  }

  private async one(job: Job): Promise<Outcome> {
    const { database } = this.connection
    const tx = new SqliteTx(this.connection)
    database.exec('savepoint one')
    try {
      const value = await withinTurn(job.work(tx))
      if (tx.failure) throw tx.failure.error
      database.exec('release one')
      return { job, value, failed: false, after: tx.after }
    } catch (error) {
      /* SQLite may have rolled back the whole by itself (a full disk): then there is no savepoint left. */
      if (database.inTransaction) database.exec('rollback to one; release one')
      else database.exec('begin immediate')
      return { job, error: tx.failure?.error ?? error, failed: true, after: [] }
    } finally {
      tx.ended = true
    }
  }
}

/** What awaits the database alone settles before the event loop turns. Anything else would hold up every writer. */
async function withinTurn<T>(work: Promise<T>): Promise<T> {
  let immediate: NodeJS.Immediate | undefined
  const turned = new Promise<never>((_, reject) => {
    immediate = setImmediate(() =>
      reject(new Error('A transaction awaited something that is not the database.')),
    )
  })
  try {
    return await Promise.race([work, turned])
  } finally {
    clearImmediate(immediate)
  }
}

function open(file: string, readonly: boolean): Connection {
  const database = new Database(file, { timeout: 0, readonly })
  database.pragma('mmap_size = 268435456')
  database.pragma('cache_size = -16000')
  if (!readonly) {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
  }
  return new Connection(database)
}

/** An embedded database in one file: a connection that writes, and one that reads and is never held up by it. */
export function openSqlite(file: string): Db {
  const writing = open(file, false)
  const reading = open(file, true)
  const writer = new Writer(writing)
  const version = writing.database.prepare('select sqlite_version() as v').get() as { v: string }
  return {
    dialect: 'sqlite',
    product: `SQLite ${version.v}`,
    words: wordsOf('sqlite', { mysql: '' }),
    read: readerOf(reading),
    transaction: (work) => writer.add(work),
    execute: async (statement) => {
      await whileBusy(() => writing.database.exec(statement))
    },
    /* One server has the file, by its lock. */
    exclusively: (work) => work(),
    ping: async () => {
      await whileBusy(() => reading.database.prepare('select 1').get())
    },
    close: async () => {
      await writer.idle()
      reading.database.close()
      writing.database.close()
    },
  }
}
