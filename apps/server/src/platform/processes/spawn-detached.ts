import { spawn } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../errors.ts'
import type { ProcessExit, ProcessIdentity, SpawnOptions } from './processes.types.ts'

const APPEAR_MS = 30_000

async function readJson(file: string): Promise<Record<string, unknown> | null> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

export async function readIdentity(folder: string): Promise<ProcessIdentity | null> {
  const value = await readJson(path.join(folder, 'pid.json'))
  if (typeof value?.pid !== 'number') return null
  return { pid: value.pid, startTime: String(value.startTime), bootId: String(value.bootId) }
}

export async function readExit(folder: string): Promise<ProcessExit | null> {
  const value = await readJson(path.join(folder, 'exit.json'))
  if (typeof value?.time !== 'number') return null
  return {
    code: typeof value.code === 'number' ? value.code : null,
    signal: typeof value.signal === 'string' ? value.signal : null,
    time: value.time,
  }
}

/** What an earlier process in the same folder left must not be taken for this one's. */
async function clear(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await rm(path.join(folder, 'pid.json'), { force: true })
  await rm(path.join(folder, 'exit.json'), { force: true })
}

export async function spawnDetached(wrapper: string, options: SpawnOptions): Promise<ProcessIdentity> {
  await clear(options.folder)
  const args = [wrapper, options.folder, '--', options.command, ...options.args]
  const child = spawn(options.python, args, {
    cwd: options.folder,
    detached: true,
    stdio: 'ignore',
    env: options.env,
  })
  let failed: unknown
  child.once('error', (error) => (failed = error))
  child.once('exit', (code) => (failed ??= new Error(`the wrapper ended with ${code}`)))
  child.unref()
  const limit = Date.now() + APPEAR_MS
  for (;;) {
    const identity = await readIdentity(options.folder)
    if (identity) return identity
    // A wrapper that could not start its command says so in exit.json; the caller reads it as any other ending.
    if (await readExit(options.folder)) return { pid: 0, startTime: '', bootId: '' }
    if (failed !== undefined || Date.now() > limit) {
      throw new AppError('platform.internal', {}, { cause: failed ?? new Error('no pid.json') })
    }
    await wait(20)
  }
}
