import type { Reader } from '../../platform/db/index.ts'
import { keyNameRows } from './keys.repo.ts'

/** What keys are called, ended ones too; in parts, since a statement takes only so many values. */
export async function keyNames(reader: Reader, ids: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)]
  const names = new Map<string, string>()
  for (let at = 0; at < wanted.length; at += 500) {
    for (const row of await keyNameRows(reader, wanted.slice(at, at + 500))) names.set(row.id, row.name)
  }
  return names
}
