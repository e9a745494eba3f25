import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../config/index.ts'
import { StartError } from '../start-error.ts'

type Place = Pick<Config, 'masterKey' | 'data'>

const fileOf = ({ data }: Place) => path.join(data, 'master.key')
/** Where a key that is to follow waits until the change is done. */
const nextFileOf = ({ data }: Place) => path.join(data, 'master.key.next')

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

/** Whole, or not at all: a half-written key would lose every secret encrypted under it. */
function writeWhole(file: string, key: Buffer, put: (made: string) => void): void {
  const made = `${file}.${process.pid}`
  writeFileSync(made, `${key.toString('base64')}\n`, { mode: 0o600, flush: true })
  try {
    put(made)
  } finally {
    rmSync(made, { force: true })
  }
}

/** The key of the configuration, or of a file in the data folder (mode 0600), which is made on the first start. */
export function openMasterKey(config: Place): Buffer {
  if (config.masterKey) return Buffer.from(config.masterKey, 'base64')
  const file = fileOf(config)
  const found = readKeyFile(file)
  if (found) return found
  writeWhole(file, randomBytes(32), (made) => {
    try {
      linkSync(made, file)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  })
  const key = readKeyFile(file)
  if (!key) throw new StartError(`The master key ${file} cannot be made.`)
  return key
}

/** The key that a change, which may have ended while this server was down, has left here; null where there is none. */
export function readNextKey(config: Place): Buffer | null {
  return config.masterKey ? null : readKeyFile(nextFileOf(config))
}

/** Keeps the key that is to follow beside the present one. */
export function keepNextKey(config: Place, key: Buffer): void {
  const file = nextFileOf(config)
  if (!config.masterKey) writeWhole(file, key, (made) => renameSync(made, file))
}

/** The change is done: the next key is the key. */
export function takeNextKey(config: Place): void {
  if (!config.masterKey && readKeyFile(nextFileOf(config))) renameSync(nextFileOf(config), fileOf(config))
}
