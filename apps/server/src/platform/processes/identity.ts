import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { ProcessIdentity } from './processes.types.ts'

const run = promisify(execFile)
const hasProc = process.platform === 'linux'

/** Words as the wrapper uses them: /proc's clock ticks, or `ps -o lstart` where there is no /proc. */
interface Sight {
  startTime: string
  zombie: boolean
}

async function output(command: string, args: string[]): Promise<string> {
  try {
    return (await run(command, args, { env: { ...process.env, LC_ALL: 'C' }, timeout: 5000 })).stdout.trim()
  } catch {
    return ''
  }
}

async function look(pid: number): Promise<Sight | null> {
  if (hasProc) {
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return { startTime: fields[19] ?? '', zombie: fields[0] === 'Z' || fields[0] === 'X' }
    } catch {
      return null
    }
  }
  const startTime = await output('ps', ['-o', 'lstart=', '-p', String(pid)])
  if (!startTime) return null
  return { startTime, zombie: (await output('ps', ['-o', 'stat=', '-p', String(pid)])).startsWith('Z') }
}

let boot: Promise<string> | undefined

export function bootId(): Promise<string> {
  boot ??= hasProc
    ? readFile('/proc/sys/kernel/random/boot_id', 'utf8').then((text) => text.trim())
    : output('sysctl', ['-n', 'kern.bootsessionuuid'])
  return boot
}

/** A process that has ended but was not reaped (a container whose first process reaps none) is not alive. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  if (identity.bootId !== (await bootId())) return false
  const sight = await look(identity.pid)
  return sight !== null && !sight.zombie && sight.startTime === identity.startTime
}

/** Signals that very process; false where it has ended, also between the look and the signal. */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isAlive(identity))) return false
  try {
    process.kill(identity.pid, signal)
    return true
  } catch {
    return false
  }
}

export async function rssBytes(pid: number): Promise<number | null> {
  if (!hasProc) {
    const kibibytes = Number(await output('ps', ['-o', 'rss=', '-p', String(pid)]))
    return kibibytes > 0 ? kibibytes * 1024 : null
  }
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kibibytes === undefined ? null : Number(kibibytes) * 1024
  } catch {
    return null
  }
}
