import { execFile } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Config } from '../platform/config/index.ts'
import { openDataFolder } from '../platform/data-folder.ts'
import { errorText } from '../platform/http/index.ts'
import { readOperatorAccess } from '../platform/http/operator-access.ts'
import { AppError } from '../platform/errors.ts'
import { ask, askServer } from './ask.ts'

const run = promisify(execFile)
const leastBytes = 4 * 2 ** 30

/** Gives a line for what is well; throws, saying what is not, for the rest. */
type Check = (config: Config) => Promise<string> | string

function reason(error: unknown): string {
  if (error instanceof AppError) return Object.values(errorText('en', error.code, error.params)).join('. ')
  return error instanceof Error ? error.message : String(error)
}

const checks: readonly Check[] = [
  (config) => `Node ${process.versions.node}, Anneal ${config.version}`,
  (config) => {
    openDataFolder(config.data)
    return `the data folder ${config.data} can be written`
  },
  async (config) => {
    const { bavail, bsize } = await statfs(config.data)
    const free = bavail * bsize
    const said = `${(free / 2 ** 30).toFixed(1)} GB are free there`
    if (free < leastBytes) throw new Error(`only ${said}; training needs 4 GB`)
    return said
  },
  async (config) => {
    const { stdout } = await run(config.python ?? 'python3', [
      '-c',
      'import sys, venv, ensurepip; print("%d.%d.%d" % sys.version_info[:3])',
    ])
    const [major = 0, minor = 0] = stdout.trim().split('.').map(Number)
    if (major !== 3 || minor < 10) throw new Error(`Python is ${stdout.trim()}; training needs 3.10 or newer`)
    return `Python ${stdout.trim()} with venv`
  },
  async (config) => {
    const running = await askServer(config, 'doctor', {})
    return running
      ? `the server runs at ${readOperatorAccess(config.data)?.url ?? ''}`
      : 'no server runs on this data folder'
  },
]

/** Looks at everything a server needs, and says of each whether it is well; true where all is. */
export async function doctor(config: Config, say: (line: string) => void): Promise<boolean> {
  let isWell = true
  const failed = (error: unknown) => {
    isWell = false
    say(`failed  ${reason(error)}`)
  }
  for (const check of checks) {
    try {
      say(`ok      ${await check(config)}`)
    } catch (error) {
      failed(error)
    }
  }
  try {
    for (const line of await ask(config, 'doctor', {})) say(line)
  } catch (error) {
    failed(error)
  }
  return isWell
}
