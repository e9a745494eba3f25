import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../config/index.ts'
import { StartError } from '../start-error.ts'

function readKeyFile(file: string): Buffer | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw new StartError(`The master key ${file} cannot be read.`)
  }
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== 32)
    throw new StartError(`The master key ${file} is damaged: it must hold 32 bytes in base64.`)
  return key
}

/** The key of the configuration, or of a file in the data folder (mode 0600), which is made on the first start. */
export function openMasterKey(config: Pick<Config, 'masterKey' | 'data'>): Buffer {
  if (config.masterKey) return Buffer.from(config.masterKey, 'base64')
  const file = path.join(config.data, 'master.key')
  const found = readKeyFile(file)
  if (found) return found
  // Linked into place whole: a half-written key would lose every secret encrypted under it.
  const made = `${file}.${process.pid}`
  writeFileSync(made, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true })
  try {
    linkSync(made, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(made, { force: true })
  }
  const key = readKeyFile(file)
  if (!key) throw new StartError(`The master key ${file} cannot be made.`)
  return key
}
