import mysql from 'mysql2/promise'
import { StartError } from '../start-error.ts'
import type { Bound } from './bind.ts'
import { type Driver, type DriverConnection, openPooled } from './pooled.ts'
import type { Statement } from './query.ts'
import type { Db } from './types.ts'

const poolSize = 8
const lockName = 'anneal.exclusive'
const lockWaitSeconds = 120

/** Whole numbers as integers: a prepared LIMIT takes no other. */
function values(bound: Bound[]): (string | number | bigint | null | Buffer)[] {
  return bound.map((value) => {
    if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
    return value instanceof Uint8Array ? Buffer.from(value) : value
  })
}

const withBuffers = (bound: Bound[]) =>
  bound.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value))

type Executor = Pick<mysql.PoolConnection, 'execute' | 'query'>

async function rows(on: Executor, statement: Statement, bound: Bound[]): Promise<unknown[]> {
  const [result] =
    statement.key === null
      ? await on.query(statement.sql, withBuffers(bound))
      : await on.execute(statement.sql, values(bound))
  return result as unknown[]
}

function connectionOf(connection: mysql.PoolConnection): DriverConnection {
  return {
    all: (statement, bound) => rows(connection, statement, bound),
    async run(statement, bound) {
      const [result] =
        statement.key === null
          ? await connection.query(statement.sql, withBuffers(bound))
          : await connection.execute(statement.sql, values(bound))
      return { changes: (result as mysql.ResultSetHeader).affectedRows }
    },
    begin: () => connection.beginTransaction(),
    commit: () => connection.commit(),
    rollback: () => connection.rollback(),
    release: (broken) => (broken ? connection.destroy() : connection.release()),
  }
}

/** MariaDB or MySQL. Rows matched are counted as changed, whether or not their values differ. */
export async function openMysql(url: string): Promise<Db> {
  const pool = mysql.createPool({
    uri: url,
    charset: 'utf8mb4',
    connectionLimit: poolSize,
    supportBigNumbers: true,
    /* Sums of whole numbers are decimals there. */
    decimalNumbers: true,
    maxPreparedStatements: 1000,
    enableKeepAlive: true,
  })
  pool.on('connection', (connection) => {
    /* The callback connection: what is queued here runs before what follows. */
    connection.query('set session transaction isolation level read committed')
    connection.query("set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,NO_ZERO_DATE'")
  })
  const [found] = await pool.query('select version() as version')
  const version = (found as { version: string }[])[0]?.version ?? ''
  const isMariaDb = /mariadb/i.test(version)
  const driver: Driver = {
    dialect: 'mysql',
    product: isMariaDb ? `MariaDB ${version.split('-')[0]}` : `MySQL ${version}`,
    collation: { mysql: isMariaDb ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin' },
    connect: async () => connectionOf(await pool.getConnection()),
    all: (statement, bound) => rows(pool as unknown as Executor, statement, bound),
    async execute(statement) {
      await pool.query(statement)
    },
    async exclusively(work) {
      const connection = await pool.getConnection()
      const name = `${lockName}.${new URL(url).pathname.slice(1)}`.slice(0, 64)
      try {
        const [got] = await connection.query('select get_lock(?, ?) as got', [name, lockWaitSeconds])
        if ((got as { got: number | null }[])[0]?.got !== 1) {
          throw new StartError(
            'Another server has been changing the tables of this database for two minutes.',
          )
        }
        return await work()
      } finally {
        await connection.query('select release_lock(?)', [name]).catch(() => undefined)
        connection.release()
      }
    },
    close: () => pool.end(),
  }
  return openPooled(driver)
}
