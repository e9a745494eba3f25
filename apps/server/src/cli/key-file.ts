import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { masterKey } from '../platform/config/readers.ts'
import { StartError } from '../platform/start-error.ts'

/** The master key of a file, in base64; the file is made, for its owner alone, where it is not there. */
export function keyOfFile(file: string): string {
  if (!existsSync(file))
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    return masterKey(readFileSync(file, 'utf8').trim())
  } catch (error) {
    const why = error instanceof TypeError ? error.message : 'it cannot be read'
    throw new StartError(`${file} holds no master key: ${why}.`)
  }
}
