import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import mysql from 'mysql2/promise'
import pg from 'pg'

interface AtRest {
  dataFolder: string
  databaseUrl: string | undefined
}

type Ask = (statement: string) => Promise<Record<string, unknown>[]>

async function open({ dataFolder, databaseUrl }: AtRest): Promise<{ ask: Ask; close: () => unknown }> {
  if (databaseUrl === undefined) {
    const database = new DatabaseSync(path.join(dataFolder, 'anneal.db'), { readOnly: true })
    return { ask: async (statement) => database.prepare(statement).all(), close: () => database.close() }
  }
  if (databaseUrl.startsWith('mysql:')) {
    const connection = await mysql.createConnection({ uri: databaseUrl })
    const ask: Ask = async (statement) => (await connection.query(statement))[0] as Record<string, unknown>[]
    return { ask, close: () => connection.end() }
  }
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  return { ask: async (statement) => (await client.query(statement)).rows, close: () => client.end() }
}

/** Every column of every table, whatever it holds. */
async function columnsOf(
  ask: Ask,
  databaseUrl: string | undefined,
): Promise<[table: string, column: string][]> {
  const statement =
    databaseUrl === undefined
      ? `select m.name as t, c.name as c from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'`
      : `select table_name as t, column_name as c from information_schema.columns where table_schema = ${
          databaseUrl.startsWith('mysql:') ? 'database()' : 'current_schema()'
        }`
  return (await ask(statement)).map((row) => [String(row.t), String(row.c)])
}

/**
 * The columns, as `table.column`, in which a text stands that is encrypted under this key: whoever looks through all
 * of them finds what no module has declared.
 */
export async function encryptedColumns(server: AtRest, keyId: string): Promise<string[]> {
  const { ask, close } = await open(server)
  const isMysql = server.databaseUrl?.startsWith('mysql:')
  try {
    const found: string[] = []
    for (const [table, column] of await columnsOf(ask, server.databaseUrl)) {
      const text = isMysql ? `cast(\`${column}\` as char)` : `cast("${column}" as text)`
      const from = isMysql ? `\`${table}\`` : `"${table}"`
      const rows = await ask(`select 1 as hit from ${from} where ${text} like '%v1.${keyId}.%' limit 1`)
      if (rows.length > 0 && table !== 'instance_fact') found.push(`${table}.${column}`)
    }
    return found
  } finally {
    await close()
  }
}
