import type { InsertQueryBuilder, InsertResult, Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Dialect } from './types.ts'

/**
 * Inserts a row, or sets `update` columns of the one that is there by `conflict` columns (a unique key),
 * or leaves that one alone where there is nothing to update. MySQL names no key: there, any unique key counts.
 */
export function upsert<T, Table extends keyof T & string>(
  dialect: Dialect,
  k: Kysely<T>,
  table: Table,
  values: Record<string, unknown>,
  conflict: readonly string[],
  update: readonly string[],
): InsertQueryBuilder<T, Table, InsertResult> {
  /* The builder's own types of one row do not survive a table that is a type parameter. */
  const insert = k.insertInto(table).values(values as never)
  if (dialect === 'mysql') {
    const set =
      update.length > 0
        ? Object.fromEntries(update.map((column) => [column, sql`values(${sql.ref(column)})`]))
        : Object.fromEntries(conflict.map((column) => [column, sql.ref(column)]))
    return insert.onDuplicateKeyUpdate(set as never)
  }
  const set = Object.fromEntries(update.map((column) => [column, sql.ref(`excluded.${column}`)]))
  return insert.onConflict((on) => {
    const met = on.columns(conflict as never)
    return update.length > 0 ? met.doUpdateSet(set as never) : met.doNothing()
  })
}
