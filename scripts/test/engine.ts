import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { root, say } from '../lib/bootstrap.mjs'
import { runProcess } from './run-process.ts'

const LOCK = path.join(root, 'workers/trainer/requirements.lock')
const CPU_INDEX = 'https://download.pytorch.org/whl/cpu'
const DEV = path.join(root, 'workers/trainer/requirements-dev.txt')

export type Prepared = { folder: string } | { missing: string }

/** A Python that the engine runs on (3.10 or newer, with venv), or undefined. */
export function findPython(): string | undefined {
  const candidates = process.env.ANNEAL_PYTHON
    ? [process.env.ANNEAL_PYTHON]
    : ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10']
  const probe = 'import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 10) else 1)'
  return candidates.find((python) => spawnSync(python, ['-c', probe]).status === 0)
}

/** The extra index for torch's CPU build: only where pip has no index of its own and no GPU is there. */
function torchIndex(python: string): string[] {
  const asked = process.env.ANNEAL_TORCH_INDEX
  if (asked === 'none') return []
  if (asked) return ['--extra-index-url', asked]
  if (process.platform !== 'linux' || existsSync('/proc/driver/nvidia/version')) return []
  const config = spawnSync(python, ['-m', 'pip', 'config', 'list'], { encoding: 'utf8' }).stdout ?? ''
  const hasOwnIndex = /(index-url|extra-index-url|find-links)=/.test(config)
  return hasOwnIndex ? [] : ['--extra-index-url', CPU_INDEX]
}

/** Makes the engine's environment in `.cache/engine/<hash of the lock>`, once for each lock. */
export async function prepareEngine(): Promise<Prepared> {
  if (!existsSync(LOCK)) return { missing: 'workers/trainer/requirements.lock is not there' }
  const hash = createHash('sha256')
    .update(readFileSync(LOCK))
    .update(readFileSync(DEV))
    .digest('hex')
    .slice(0, 16)
  const folder = path.join(root, '.cache/engine', hash)
  if (existsSync(path.join(folder, '.ready'))) return { folder }
  const python = findPython()
  if (!python) return { missing: 'no Python 3.10 or newer with venv (Debian: apt-get install python3-venv)' }
  const log = path.join(root, '.cache/engine', `${hash}.log`)
  mkdirSync(path.dirname(log), { recursive: true })
  say(`Preparing the training engine's environment (once, some minutes; log: .cache/engine/${hash}.log) …`)
  rmSync(folder, { recursive: true, force: true })
  const output = openSync(log, 'w')
  try {
    const made = await runProcess(python, ['-m', 'venv', folder], { timeoutMs: 120_000, output })
    if (made.code !== 0) return { missing: `python -m venv failed, see ${log}` }
    const args = [
      '-m',
      'pip',
      'install',
      '--progress-bar',
      'off',
      ...torchIndex(python),
      '-r',
      LOCK,
      '-r',
      DEV,
    ]
    const installed = await runProcess(path.join(folder, 'bin/python'), args, { timeoutMs: 600_000, output })
    if (installed.code !== 0) return { missing: `pip install failed, see ${log}` }
  } finally {
    closeSync(output)
  }
  writeFileSync(path.join(folder, '.ready'), '')
  return { folder }
}
