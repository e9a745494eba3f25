import type { Reader } from '../../platform/db/index.ts'
import type { AuthTables } from './auth.tables.ts'

export interface KeyLabel {
  id: string
  name: string
  ending: string
}

/** Names and endings of API keys by id, ended ones too, for lists that show what was done with them. */
export async function keysByIds(reader: Reader, ids: readonly string[]): Promise<Map<string, KeyLabel>> {
  if (ids.length === 0) return new Map()
  const rows = await reader.dynamic<AuthTables, KeyLabel>((k) =>
    k.selectFrom('api_key').select(['id', 'name', 'ending']).where('id', 'in', [...new Set(ids)]),
  )
  return new Map(rows.map((row) => [row.id, row]))
}
