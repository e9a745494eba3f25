import type { Reader } from '../../platform/db/index.ts'
import type { AuthTables } from './auth.tables.ts'

export interface KeyLabel {
  id: string
  name: string
  ending: string
}

/* A statement takes only so many values. */
const atOnce = 500

/** Names and endings of API keys by id, ended ones too, for lists that show what was done with them. */
export async function keysByIds(reader: Reader, ids: readonly string[]): Promise<Map<string, KeyLabel>> {
  const wanted = [...new Set(ids)]
  const labels = new Map<string, KeyLabel>()
  for (let at = 0; at < wanted.length; at += atOnce) {
    const some = wanted.slice(at, at + atOnce)
    const rows = await reader.dynamic<AuthTables, KeyLabel>((k) =>
      k.selectFrom('api_key').select(['id', 'name', 'ending']).where('id', 'in', some),
    )
    for (const row of rows) labels.set(row.id, row)
  }
  return labels
}
