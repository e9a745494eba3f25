import { lstat, mkdir, rm, unlink } from 'node:fs/promises'
import path from 'node:path'
import type { Transport } from '@anneal/providers'
import type { Config } from '../../../platform/config/index.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Processes } from '../../../platform/processes/index.ts'
import { appendLog, endLeftover, runStep } from '../../../platform/processes/index.ts'
import { pipEnvironment, trainerEnvironment } from './child-environment.ts'
import { freeGigabytes } from './disk.ts'
import type { EnginePaths } from './engine-paths.ts'
import type { Python } from './find-python.ts'
import { findPython } from './find-python.ts'
import { installPackages } from './install-packages.ts'
import type { EngineStamp, Lock } from './lock.ts'
import { matchesLock, readLock, readStamp, writeStamp } from './lock.ts'
import { probeEngine } from './probe-engine.ts'
import { torchIndex } from './torch-index.ts'

export type EngineStep = 'find-python' | 'make-environment' | 'download' | 'install' | 'check' | 'done'

export interface EngineProgress {
  step: EngineStep
  /** 0 to 1 over all steps. */
  progress: number
  downloadBytes?: number
  python?: string
}

export interface Preparation {
  paths: EnginePaths
  config: Pick<Config, 'data' | 'python' | 'torchIndex' | 'httpProxy' | 'caFile'>
  processes: Processes
  transport: Transport
  signal: AbortSignal
  tell(progress: EngineProgress): void
  /** Smaller in tests. */
  neededGb?: number
}

const NEEDED_GB = 4

function baseStep({ processes, paths, signal }: Preparation, python: string, env: Record<string, string>) {
  return { processes, folder: paths.setup, python, command: paths.python, env, signal }
}

/** An environment that was made elsewhere, or whose stamp was not written any more: taken if it is what the lock asks for. */
async function takePresent(
  preparation: Preparation,
  python: Python,
  lock: Lock,
): Promise<EngineStamp | null> {
  const { paths, config, tell } = preparation
  if (!(await lstat(paths.python).catch(() => null))) return null
  tell({ step: 'check', progress: 0.92 })
  const env = trainerEnvironment(config, paths.trainer)
  const found = await probeEngine(baseStep(preparation, python.path, env)).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'platform.stopping') throw error
    return null
  })
  return found && matchesLock(lock, found.versions) ? stamp(preparation, lock, found) : null
}

async function stamp(
  { paths }: Preparation,
  lock: Lock,
  found: Omit<EngineStamp, 'lock' | 'preparedAt'>,
): Promise<EngineStamp> {
  const whole = { lock: lock.hash, ...found, preparedAt: Date.now() }
  await writeStamp(paths.environment, whole)
  return whole
}

async function removeIncomplete(environment: string): Promise<void> {
  const present = await lstat(environment).catch(() => null)
  if (present?.isSymbolicLink()) await unlink(environment)
  else if (present) await rm(environment, { recursive: true, force: true, maxRetries: 3 })
}

async function makeEnvironment(
  preparation: Preparation,
  python: Python,
  env: Record<string, string>,
): Promise<void> {
  const { processes, paths, signal, config } = preparation
  const needed = preparation.neededGb ?? NEEDED_GB
  await removeIncomplete(paths.environment)
  await mkdir(path.dirname(paths.environment), { recursive: true, mode: 0o700 })
  const free = await freeGigabytes(config.data)
  if (free < needed) throw new AppError('training.no-space', { free: free.toFixed(1), needed })
  const args = ['-m', 'venv', paths.environment]
  const step = {
    processes,
    folder: paths.setup,
    python: python.path,
    command: python.path,
    args,
    env,
    signal,
  }
  const made = await runStep(step)
  if (made.code === 0) return
  const text = made.lines.join(' ')
  if (/ensurepip|No module named venv/.test(text)) {
    throw new AppError('training.venv-missing', { version: python.version })
  }
  throw new AppError('training.install-failed', { lines: text.slice(-1000) })
}

interface Begun {
  env: Record<string, string>
  temporary: string
  lock: Lock
  python: Python
  /** The environment that is there already, if it is what the lock asks for. */
  taken: EngineStamp | null
}

async function begin(preparation: Preparation): Promise<Begun> {
  const { paths, config, processes, tell } = preparation
  const temporary = path.join(paths.setup, 'tmp')
  await mkdir(paths.setup, { recursive: true, mode: 0o700 })
  await endLeftover(processes, paths.setup)
  await rm(temporary, { recursive: true, force: true })
  await mkdir(temporary, { mode: 0o700 })
  const env = pipEnvironment(config, temporary)
  const lock = await readLock(paths.lock)
  tell({ step: 'find-python', progress: 0 })
  const python = await findPython(config.python, env)
  await appendLog(paths.setup, [`Python ${python.version}: ${python.path}`])
  tell({ step: 'find-python', progress: 0.02, python: python.version })
  return { env, temporary, lock, python, taken: await takePresent(preparation, python, lock) }
}

/** Looks whether an environment that bears no stamp is complete, without fetching or changing anything. */
export async function verifyEngine(preparation: Preparation): Promise<EngineStamp | null> {
  return (await begin(preparation)).taken
}

/**
 * Makes the engine's environment, or finds that it is there. Every failure is an AppError of `training` with its words;
 * `platform.stopping` where the signal was aborted. Can be called again after any failure or kill.
 */
export async function prepareEngine(preparation: Preparation): Promise<EngineStamp> {
  const { paths, config, transport, tell } = preparation
  const present = await readStamp(paths.environment)
  if (present && present.lock === (await readLock(paths.lock)).hash) return present
  const { env, temporary, lock, python, taken } = await begin(preparation)
  if (taken) return taken
  tell({ step: 'make-environment', progress: 0.02 })
  await makeEnvironment(preparation, python, env)
  const torch = await torchIndex({ asked: config.torchIndex, python: paths.python, env, transport })
  await appendLog(paths.setup, [`Torch from ${torch.index ?? 'the sources that pip has'}: ${torch.because}`])
  await installPackages(preparation, { python: python.path, env, temporary, torch, packages: lock.pins.size })
  tell({ step: 'check', progress: 0.92 })
  const checkEnv = trainerEnvironment(config, paths.trainer)
  const found = await probeEngine(baseStep(preparation, python.path, checkEnv))
  await rm(temporary, { recursive: true, force: true })
  return stamp(preparation, lock, found)
}
