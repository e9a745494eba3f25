import type { Db } from '../db/index.ts'
import type { SecretColumn } from './secret-columns.ts'
import { replaceSecret, secretRows } from './rotation.repo.ts'
import type { SecretRow } from './rotation.repo.ts'
import { prefixOf } from './secrets.ts'
import type { Secrets } from './secrets.ts'

const atOnce = 200

export interface Rewritten {
  rewritten: number
  /** Texts that even the old key does not open: they were lost before. */
  unreadable: number
}

/** Every text of the old key within a value, written anew; null where one of them cannot be read. */
function anew(secrets: Secrets, value: string, old: RegExp): string | null {
  try {
    return value.replaceAll(old, (text) => secrets.encrypt(secrets.decrypt(text)))
  } catch {
    return null
  }
}

async function rewriteColumn(
  db: Db,
  secrets: Secrets,
  column: SecretColumn,
  oldId: string,
): Promise<Rewritten> {
  const old = new RegExp(`v1\\.${oldId}\\.[\\w-]+`, 'g')
  const done: Rewritten = { rewritten: 0, unreadable: 0 }
  for (let after = ''; ;) {
    const rows = await secretRows(db.slow, column, { prefix: prefixOf(oldId), after, limit: atOnce })
    const changed = rows.flatMap(({ key, value }): (SecretRow & { was: string })[] => {
      const written = anew(secrets, value, old)
      return written === null ? [] : [{ key, value: written, was: value }]
    })
    done.rewritten += changed.length
    done.unreadable += rows.length - changed.length
    if (changed.length > 0)
      await db.transaction(async (tx) => {
        for (const row of changed) await replaceSecret(tx, column, row)
      })
    if (rows.length < atOnce) return done
    after = rows.at(-1)?.key ?? after
  }
}

/** Encrypts all declared secrets of the old key under the present one, again until none is met that was missed. */
export async function rewriteSecrets(
  db: Db,
  secrets: Secrets,
  columns: readonly SecretColumn[],
  oldId: string,
): Promise<Rewritten> {
  let rewritten = 0
  for (;;) {
    let unreadable = 0
    let here = 0
    for (const column of columns) {
      const done = await rewriteColumn(db, secrets, column, oldId)
      here += done.rewritten
      unreadable += done.unreadable
    }
    rewritten += here
    if (here === 0) return { rewritten, unreadable }
  }
}
