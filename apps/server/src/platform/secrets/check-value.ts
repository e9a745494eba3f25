import { createHmac } from 'node:crypto'
import type { Db } from '../db/index.ts'
import { instanceFact } from '../settings/index.ts'
import { StartError } from '../start-error.ts'

/** Stops the start of a server whose master key is not the one that this database's secrets are encrypted under. */
export async function checkMasterKey(db: Db, key: Buffer): Promise<void> {
  const value = createHmac('sha256', key).update('anneal master key check').digest('hex')
  if ((await instanceFact(db, 'master-key-check', () => value)) !== value) {
    throw new StartError(
      'This database was set up with another master key. Give that one in ANNEAL_MASTER_KEY, or put its master.key back into the data folder.',
    )
  }
}
