import pg from 'pg'
import type { Bound } from './bind.ts'
import { type Driver, type DriverConnection, openPooled } from './pooled.ts'
import type { Statement } from './query.ts'
import type { Db } from './types.ts'

const poolSize = 8
/** Any number of our own: the lock is per database. */
const lockNumber = 4_600_460_046
const int8 = 20
/** Sums of int8; the schema has no decimals of its own. */
const numeric = 1700

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 || oid === numeric
      ? Number
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
}

function queryOf(statement: Statement, values: Bound[]): pg.QueryConfig {
  return { text: statement.sql, values, ...(statement.key === null ? {} : { name: statement.key }) }
}

function connectionOf(client: pg.PoolClient): DriverConnection {
  return {
    all: async (statement, values) => (await client.query(queryOf(statement, values))).rows as unknown[],
    run: async (statement, values) => ({
      changes: (await client.query(queryOf(statement, values))).rowCount ?? 0,
    }),
    begin: async () => void (await client.query('begin')),
    commit: async () => void (await client.query('commit')),
    rollback: async () => void (await client.query('rollback')),
    release: (broken) => client.release(broken),
  }
}

export async function openPostgres(url: string): Promise<Db> {
  const pool = new pg.Pool({ connectionString: url, max: poolSize, types, keepAlive: true })
  /* An idle connection that the server ends is replaced; without a listener it would end the process. */
  pool.on('error', () => undefined)
  const found = await pool.query<{ version: string }>("select current_setting('server_version') as version")
  const driver: Driver = {
    dialect: 'postgres',
    product: `PostgreSQL ${found.rows[0]?.version.split(' ')[0] ?? ''}`,
    collation: { mysql: '' },
    connect: async () => connectionOf(await pool.connect()),
    all: async (statement, values) => (await pool.query(queryOf(statement, values))).rows as unknown[],
    execute: async (statement) => void (await pool.query(statement)),
    async exclusively(work) {
      const client = await pool.connect()
      try {
        await client.query('select pg_advisory_lock($1)', [lockNumber])
        return await work()
      } finally {
        await client.query('select pg_advisory_unlock($1)', [lockNumber]).catch(() => undefined)
        client.release()
      }
    },
    close: () => pool.end(),
  }
  return openPooled(driver)
}
