import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Dialect } from './types.ts'

/** The database's own clock in Unix milliseconds: servers on one database agree on it, whatever their own clocks say. */
export function databaseNow(dialect: Dialect): RawBuilder<number> {
  if (dialect === 'sqlite') return sql<number>`cast(unixepoch('subsec') * 1000 as integer)`
  if (dialect === 'mysql') return sql<number>`cast(unix_timestamp(now(3)) * 1000 as signed)`
  return sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`
}
