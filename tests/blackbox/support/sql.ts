import path from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import mysql from 'mysql2/promise'
import pg from 'pg'
import type { TestServer } from '../../support/server.ts'

type Row = Record<string, unknown>

/** Runs one statement on a server's database, past the server; `?` stands for a value. */
export async function sql(
  server: TestServer,
  statement: string,
  values: SQLInputValue[] = [],
): Promise<Row[]> {
  const { databaseUrl } = server
  if (databaseUrl === undefined) {
    const database = new DatabaseSync(path.join(server.dataFolder, 'anneal.db'))
    try {
      database.exec('pragma busy_timeout = 5000')
      return database.prepare(statement).all(...values) as Row[]
    } finally {
      database.close()
    }
  }
  if (databaseUrl.startsWith('mysql:')) {
    const connection = await mysql.createConnection({ uri: databaseUrl })
    try {
      const [rows] = await connection.query(statement, values)
      return Array.isArray(rows) ? (rows as Row[]) : []
    } finally {
      await connection.end()
    }
  }
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    let number = 0
    const numbered = statement.replaceAll('?', () => `$${(number += 1)}`)
    return (await client.query(numbered, values)).rows as Row[]
  } finally {
    await client.end()
  }
}

/** Inserts one row. */
export async function insert(server: TestServer, table: string, row: Record<string, SQLInputValue>) {
  const columns = Object.keys(row)
  const marks = columns.map(() => '?').join(', ')
  await sql(server, `insert into ${table} (${columns.join(', ')}) values (${marks})`, Object.values(row))
}

/** Stores a setting; a server takes it at its next start. */
export const setSetting = (server: TestServer, name: string, value: unknown): Promise<void> =>
  insert(server, 'setting', { name, value: JSON.stringify(value), version: 1, updated_at: Date.now() })
