import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { AppError } from '../../../platform/errors.ts'

const run = promisify(execFile)

const OLDEST = [3, 10] as const
const NEWEST = [3, 14] as const
const NAMES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3.14']
const PROBE = `import json, sys
found = {"path": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3], "venv": True}
try:
    import ensurepip, venv
except ImportError:
    found["venv"] = False
print(json.dumps(found))`

export interface Python {
  path: string
  version: string
  venv: boolean
}

async function look(command: string, env: Record<string, string>): Promise<Python | null> {
  try {
    const { stdout } = await run(command, ['-c', PROBE], { env, timeout: 15_000 })
    return JSON.parse(stdout) as Python
  } catch {
    return null
  }
}

function age(version: string): 'old' | 'new' | 'right' {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) return 'old'
  return major > NEWEST[0] || minor > NEWEST[1] ? 'new' : 'right'
}

/**
 * The first Python that the engine runs on; `asked` (ANNEAL_PYTHON) is the only one looked at where it is given.
 * Throws what is wrong with the one that came nearest: `training.venv-missing`, `-too-new`, `-too-old`, `python-missing`.
 */
export async function findPython(asked: string | null, env: Record<string, string>): Promise<Python> {
  const found: Python[] = []
  for (const name of asked ? [asked] : NAMES) {
    const python = await look(name, env)
    if (!python) continue
    if (python.venv && age(python.version) === 'right') return python
    found.push(python)
  }
  const without = found.find((python) => age(python.version) === 'right')
  if (without) throw new AppError('training.venv-missing', { version: without.version })
  const tooNew = found.find((python) => age(python.version) === 'new')
  if (tooNew) throw new AppError('training.python-too-new', { version: tooNew.version })
  const tooOld = found[0]
  if (tooOld) throw new AppError('training.python-too-old', { version: tooOld.version })
  throw new AppError('training.python-missing')
}
