import { randomBytes } from 'node:crypto'
import mysql from 'mysql2/promise'
import pg from 'pg'

export type DatabaseKind = 'sqlite' | 'mysql' | 'postgres'

/** The database server that the tests make their databases on, without a database name. */
export function databaseServerUrl(kind: 'mysql' | 'postgres'): string {
  return kind === 'mysql'
    ? (process.env.ANNEAL_TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306')
    : (process.env.ANNEAL_TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432')
}

/** The database that this run of the suite is for: `ANNEAL_TEST_DATABASE`, else SQLite. */
export function databaseOfRun(): DatabaseKind {
  const asked = process.env.ANNEAL_TEST_DATABASE
  return asked === 'mysql' || asked === 'postgres' ? asked : 'sqlite'
}

export interface TestDatabase {
  url: string
  drop: () => Promise<void>
}

async function execute(kind: 'mysql' | 'postgres', statement: string): Promise<void> {
  const url = databaseServerUrl(kind)
  if (kind === 'mysql') {
    const connection = await mysql.createConnection({ uri: url })
    try {
      await connection.query(statement)
    } finally {
      await connection.end()
    }
    return
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Makes an empty database with a random name; `drop` removes it, whoever is still connected. */
export async function createDatabase(kind: 'mysql' | 'postgres'): Promise<TestDatabase> {
  const name = `anneal_test_${randomBytes(6).toString('hex')}`
  await execute(kind, `create database ${name}`)
  const url = new URL(databaseServerUrl(kind))
  url.pathname = `/${name}`
  const force = kind === 'postgres' ? ' with (force)' : ''
  return { url: url.toString(), drop: () => execute(kind, `drop database if exists ${name}${force}`) }
}
