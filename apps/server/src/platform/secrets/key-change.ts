import type { Db, Reader } from '../db/index.ts'
import { instanceFact } from '../settings/index.ts'
import { checkValueOf, wrongMasterKey } from './check-value.ts'
import type { Config } from '../config/index.ts'
import { openMasterKey, readNextKey, takeNextKey } from './master-key.ts'
import { factNamed } from './rotation.repo.ts'
import { createSecrets, keyId } from './secrets.ts'
import type { KeyRing } from './secrets.ts'

export const checkFact = 'master-key-check'
export const changeFactName = 'master-key-change'

/**
 * A change of the master key under way, as a fact of the database. Whoever holds either key can read the other, so a
 * server may start with the one or the other until it is done.
 */
export interface KeyChange {
  /** `announced`: servers learn to read the new key. `writing`: they write with it, and what is old is rewritten. */
  phase: 'announced' | 'writing'
  /** The new key, encrypted under the old one. */
  next: string
  /** The old key, encrypted under the new one. */
  previous: string
  /** The new key's check value. */
  check: string
}

export async function readKeyChange(reader: Reader): Promise<KeyChange | null> {
  const row = await reader.first(factNamed, { name: changeFactName })
  return row ? (JSON.parse(row.value) as KeyChange) : null
}

const unwrap = (ring: KeyRing, wrapped: string) => Buffer.from(ring.decrypt(wrapped), 'base64')

/** What a change means to a server that holds one of its keys. */
export function joinKeyChange(ring: KeyRing, change: KeyChange): Buffer {
  const next = unwrap(ring, change.next)
  ring.add(next)
  if (change.phase === 'writing') ring.writeWith(keyId(next))
  return next
}

/**
 * The secrets of this installation, under its master key or, while that changes, under both.
 * @throws StartError where this server's key is another.
 */
export async function openSecrets(db: Db, config: Config): Promise<KeyRing> {
  let key = openMasterKey(config)
  const check = await instanceFact(db, checkFact, () => checkValueOf(key))
  const change = await readKeyChange(db.read)
  if (check !== checkValueOf(key) && change?.check !== checkValueOf(key)) {
    // The change was done while this server was down.
    const waiting = readNextKey(config)
    if (!waiting || checkValueOf(waiting) !== check) throw wrongMasterKey()
    takeNextKey(config)
    key = waiting
  }
  const ring = createSecrets(key)
  if (!change) return ring
  if (change.check !== checkValueOf(key)) joinKeyChange(ring, change)
  else {
    const previous = unwrap(ring, change.previous)
    ring.add(previous)
    if (change.phase === 'announced') ring.writeWith(keyId(previous))
  }
  return ring
}
