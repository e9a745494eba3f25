import { createHmac } from 'node:crypto'
import { StartError } from '../start-error.ts'

/** Says of a master key that it is the one, and nothing else of it. */
export function checkValueOf(key: Buffer): string {
  return createHmac('sha256', key).update('anneal master key check').digest('hex')
}

/** Why a server with another key than its database's does not start. */
export function wrongMasterKey(): StartError {
  return new StartError(
    "This database's secrets are encrypted under another master key. Give that one in ANNEAL_MASTER_KEY, or put its master.key into the data folder. If the key was changed with rotate-key meanwhile, that is the new one.",
  )
}
