import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

const STAMP = 'anneal-engine.json'

/** What a complete environment says of itself. */
export interface EngineStamp {
  /** Hash of the lock file that it was made from. */
  lock: string
  python: string
  versions: Record<string, string>
  device: string | null
  /** Unix milliseconds. */
  preparedAt: number
}

export interface Lock {
  hash: string
  /** Package names, lower-case, with their versions. */
  pins: ReadonlyMap<string, string>
}

export async function readLock(file: string): Promise<Lock> {
  const text = await readFile(file, 'utf8')
  const pins = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^([A-Za-z0-9._-]+)==([^\s;]+)/.exec(line)
    if (match?.[1] && match[2] && !pins.has(match[1])) pins.set(match[1].toLowerCase(), match[2])
  }
  return { hash: createHash('sha256').update(text).digest('hex'), pins }
}

/** Null where the environment is missing or was never finished. */
export async function readStamp(environment: string): Promise<EngineStamp | null> {
  try {
    return JSON.parse(await readFile(path.join(environment, STAMP), 'utf8')) as EngineStamp
  } catch {
    return null
  }
}

export async function writeStamp(environment: string, stamp: EngineStamp): Promise<void> {
  await writeFile(path.join(environment, STAMP), `${JSON.stringify(stamp, null, 2)}\n`)
}

/** Whether what was found installed is what the lock asks for; a build's mark (`+cpu`) does not matter. */
export function matchesLock(lock: Lock, versions: Record<string, string>): boolean {
  return Object.entries(versions).every(([name, version]) => {
    const pinned = lock.pins.get(name)
    return pinned === undefined || pinned === version.replace(/\+.*$/, '')
  })
}
