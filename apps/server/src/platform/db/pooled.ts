import { setTimeout as wait } from 'node:timers/promises'
import { runAfterCommit } from './after-commit.ts'
import type { Bound } from './bind.ts'
import { isDeadlock, isLost, translate } from './errors.ts'
import { compileNow, type Query, type Statement } from './query.ts'
import type { Changes, Db, Dialect, Reader, Tx } from './types.ts'
import { type Collation, wordsOf } from './words.ts'

/** What a driver's connection must do; `run` counts the rows matched. */
export interface DriverConnection {
  all(statement: Statement, values: Bound[]): Promise<unknown[]>
  run(statement: Statement, values: Bound[]): Promise<Changes>
  begin(): Promise<void>
  commit(): Promise<void>
  rollback(): Promise<void>
  /** `broken`: it is not to be used again. */
  release(broken: boolean): void
}

export interface Driver {
  dialect: Exclude<Dialect, 'sqlite'>
  product: string
  collation: Collation
  connect(): Promise<DriverConnection>
  /** Outside any transaction, on any connection. */
  all(statement: Statement, values: Bound[]): Promise<unknown[]>
  execute(statement: string): Promise<void>
  exclusively<T>(work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

const mostTries = 10

type All = (statement: Statement, values: Bound[]) => Promise<unknown[]>

function readerOf(dialect: Dialect, all: All): Reader {
  const rows = async <R>(statement: Statement, values: Bound[]): Promise<R[]> => {
    try {
      return (await all(statement, values)) as R[]
    } catch (error) {
      throw translate(dialect, error)
    }
  }
  const compiledRows = <P, R>(query: Query<P, R>, params: P): Promise<R[]> => {
    const compiled = query.compiled(dialect)
    return rows<R>(compiled, compiled.bind(params))
  }
  return {
    dialect,
    all: compiledRows,
    first: async (query, params) => (await compiledRows(query, params))[0],
    dynamic: async (build) => {
      const { statement, values } = compileNow(dialect, build)
      return rows(statement, values)
    },
  }
}

interface OpenTx {
  tx: Tx
  after: (() => void)[]
  failure: { error: unknown } | null
}

function openTx(dialect: Dialect, connection: DriverConnection): OpenTx {
  const state: OpenTx = { tx: undefined as unknown as Tx, after: [], failure: null }
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    if (state.failure) throw state.failure.error
    try {
      return await work()
    } catch (error) {
      state.failure ??= { error }
      throw error
    }
  }
  const run = async (statement: Statement, values: Bound[]): Promise<Changes> => {
    try {
      return await connection.run(statement, values)
    } catch (error) {
      throw keepDeadlock(dialect, error)
    }
  }
  const all: All = (statement, values) => connection.all(statement, values)
  const reader = readerOf(dialect, async (statement, values) => {
    try {
      return await all(statement, values)
    } catch (error) {
      throw keepDeadlock(dialect, error)
    }
  })
  state.tx = {
    dialect,
    all: (query, params) => guard(() => reader.all(query, params)),
    first: (query, params) => guard(() => reader.first(query, params)),
    dynamic: (build) => guard(() => reader.dynamic(build)),
    run: (query, params) =>
      guard(() => {
        const compiled = query.compiled(dialect)
        return run(compiled, compiled.bind(params))
      }),
    runDynamic: (build) =>
      guard(() => {
        const { statement, values } = compileNow(dialect, build)
        return run(statement, values)
      }),
    afterCommit: (work) => state.after.push(work),
  }
  return state
}

function keepDeadlock(dialect: Dialect, error: unknown): unknown {
  return isDeadlock(error) ? error : translate(dialect, error)
}

async function attempt<T>(
  driver: Driver,
  work: (tx: Tx) => Promise<T>,
): Promise<{ value: T; after: (() => void)[] }> {
  const connection = await driver.connect()
  let broken = false
  try {
    await connection.begin()
    const state = openTx(driver.dialect, connection)
    const value = await work(state.tx)
    if (state.failure) throw state.failure.error
    await connection.commit()
    return { value, after: state.after }
  } catch (error) {
    await connection.rollback().catch(() => {
      broken = true
    })
    throw error
  } finally {
    connection.release(broken)
  }
}

/** Reads on whichever connection is free; on another where that one is found to be gone (a database restarted). */
function reading(driver: Driver): All {
  return async (statement, values) => {
    try {
      return await driver.all(statement, values)
    } catch (error) {
      if (!isLost(error)) throw error
    }
    return driver.all(statement, values)
  }
}

/* Slow reads leave most of the pool to everyone else. */
const slowAtOnce = 2

function fewAtOnce(all: All): All {
  let running = 0
  const waiting: (() => void)[] = []
  return async (statement, values) => {
    if (running >= slowAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await all(statement, values)
    } finally {
      /* The place is handed on, not given back and taken anew. */
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}

/** A database server behind a pool of connections. */
export function openPooled(driver: Driver): Db {
  const { dialect } = driver
  const all = reading(driver)
  return {
    dialect,
    product: driver.product,
    words: wordsOf(dialect, driver.collation),
    read: readerOf(dialect, all),
    slow: readerOf(dialect, fewAtOnce(all)),
    async transaction(work) {
      for (let tries = 1; ; tries++) {
        try {
          const { value, after } = await attempt(driver, work)
          runAfterCommit(after)
          return value
        } catch (error) {
          if (!isDeadlock(error) || tries >= mostTries) throw translate(dialect, error)
        }
        await wait(Math.random() * 20 * tries)
      }
    },
    execute: (statement) => driver.execute(statement),
    exclusively: (work) => driver.exclusively(work),
    async ping() {
      await all({ sql: 'select 1 as one', key: 'ping' }, [])
    },
    close: () => driver.close(),
  }
}
