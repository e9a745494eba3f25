import { randomBytes, randomInt } from 'node:crypto'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/db/index.ts'
import { newId } from '../../../platform/ids.ts'
import { hashPassword, verifyPassword } from '../password.ts'
import { deleteRecoveryCodes, insertRecoveryCode } from './factors.repo.ts'
import type { RecoveryCodeRow } from './factors.tables.ts'

export const codesInSet = 10
/** Without letters and digits that are taken for one another. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
const letters = 10

function newCode(): string {
  let code = ''
  for (let at = 0; at < letters; at += 1) code += alphabet.charAt(randomInt(alphabet.length))
  return `${code.slice(0, 5)}-${code.slice(5)}`
}

/** However it was typed. */
const bare = (code: string) => code.toLowerCase().replace(/[^a-z0-9]/g, '')

export interface CodeSet {
  codes: string[]
  hashes: string[]
}

/** Ten new codes with their hashes. One salt for all, so that a code that is given is hashed once. */
export async function newCodeSet(): Promise<CodeSet> {
  const salt = randomBytes(16)
  const codes = Array.from({ length: codesInSet }, newCode)
  const hashes = await Promise.all(codes.map((code) => hashPassword(bare(code), salt)))
  return { codes, hashes }
}

/** Puts a set in the place of what was there. */
export async function storeCodeSet(ctx: Context, tx: Tx, userId: string, set: CodeSet): Promise<void> {
  await tx.run(deleteRecoveryCodes, { userId })
  const now = ctx.platform.clock.now()
  for (const hash of set.hashes)
    await tx.run(insertRecoveryCode, { id: newId(), user_id: userId, hash, created_at: now, used_at: null })
}

/** The row of a code that is still good; null where there is none. Costs one hash whatever is given. */
export async function findRecoveryCode(
  rows: readonly RecoveryCodeRow[],
  code: string,
): Promise<RecoveryCodeRow | null> {
  const given = bare(code)
  const salts = new Map(rows.map((row) => [row.hash.split('$')[4] ?? '', row.hash]))
  if (salts.size === 0) await verifyPassword(given, null)
  for (const [salt] of salts) {
    const hashed = await hashPassword(given, Buffer.from(salt, 'base64'))
    const found = rows.find((row) => row.used_at === null && row.hash === hashed)
    if (found) return found
  }
  return null
}
