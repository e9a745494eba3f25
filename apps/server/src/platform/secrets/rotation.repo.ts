import { databaseNow, defineQuery, upsert } from '../db/index.ts'
import type { Reader, Tx } from '../db/index.ts'
import type { SecretColumn } from './secret-columns.ts'

interface FactRow {
  name: string
  value: string
}
interface Tables {
  instance_fact: FactRow
  node: { id: string; heartbeat_at: number }
}

const query = defineQuery<Tables>()

export const factNamed = query<{ name: string }, FactRow>((k, p) =>
  k.selectFrom('instance_fact').selectAll().where('name', '=', p.name),
)

export const addFact = query<FactRow, unknown>((k, p) =>
  k.insertInto('instance_fact').values({ name: p.name, value: p.value }),
)

export const putFact = query<FactRow, unknown>((k, p, dialect) =>
  upsert(dialect, k, 'instance_fact', { name: p.name, value: p.value }, ['name'], ['value']),
)

/** Only where it still says `was`. */
export const changeFact = query<FactRow & { was: string }, unknown>((k, p) =>
  k
    .updateTable('instance_fact')
    .set({ value: p.value })
    .where('name', '=', p.name)
    .where('value', '=', p.was),
)

export const dropFact = query<{ name: string }, unknown>((k, p) =>
  k.deleteFrom('instance_fact').where('name', '=', p.name),
)

/** Nodes that gave a sign of life within `ms`, by the database's clock. */
export const liveNodes = query<{ ms: number }, { id: string }>((k, p, dialect) =>
  k
    .selectFrom('node')
    .select('id')
    .where((eb) => eb(databaseNow(dialect), '<=', eb('heartbeat_at', '+', p.ms))),
)

export interface SecretRow {
  key: string
  value: string
}
/* Names of tables and columns come from what the modules declare. */
type AnyTable = Record<string, Record<string, string>>

/** Rows of a declared column that hold a text beginning with `prefix`, by key, after the one named. */
export function secretRows(
  reader: Reader,
  { table, key, column }: SecretColumn,
  asked: { prefix: string; after: string; limit: number },
): Promise<SecretRow[]> {
  return reader.dynamic<AnyTable, SecretRow>((k) =>
    k
      .selectFrom(table)
      .select((eb) => [eb.ref(key).as('key'), eb.ref(column).as('value')])
      .where(column, 'like', `%${asked.prefix}%`)
      .where(key, '>', asked.after)
      .orderBy(key)
      .limit(asked.limit),
  )
}

/** Writes the text anew unless it has been changed meanwhile. */
export function replaceSecret(
  tx: Tx,
  { table, key, column }: SecretColumn,
  row: SecretRow & { was: string },
): Promise<unknown> {
  return tx.runDynamic<AnyTable>((k) =>
    k
      .updateTable(table)
      .set({ [column]: row.value })
      .where(key, '=', row.key)
      .where(column, '=', row.was),
  )
}
