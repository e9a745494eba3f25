import { spawn } from 'node:child_process'
import { root } from '../lib/bootstrap.mjs'

export interface ProcessOptions {
  /** Milliseconds after which the whole process group is ended. */
  timeoutMs: number
  env?: Record<string, string>
  /** `inherit` shows the output; a file descriptor collects it. */
  output?: 'inherit' | number
}

export interface ProcessResult {
  code: number
  timedOut: boolean
}

const groups = new Set<number>()

function endGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // The group is gone already.
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    for (const pid of groups) endGroup(pid, 'SIGTERM')
    setTimeout(() => {
      for (const pid of groups) endGroup(pid, 'SIGKILL')
      process.exit(130)
    }, 2_000)
  })
}

/** Runs a command in a process group of its own under a watchdog; what it leaves behind is ended with it. */
export function runProcess(file: string, args: string[], options: ProcessOptions): Promise<ProcessResult> {
  const output = options.output ?? 'inherit'
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', output, output],
      detached: true,
    })
    const { pid } = child
    if (pid !== undefined) groups.add(pid)
    let timedOut = false
    const watchdog = setTimeout(() => {
      timedOut = true
      if (pid === undefined) return
      endGroup(pid, 'SIGTERM')
      setTimeout(() => endGroup(pid, 'SIGKILL'), 5_000).unref()
    }, options.timeoutMs)
    const finish = (code: number) => {
      clearTimeout(watchdog)
      if (pid !== undefined) {
        endGroup(pid, 'SIGKILL')
        groups.delete(pid)
      }
      resolve({ code, timedOut })
    }
    child.on('error', () => finish(127))
    child.on('exit', (code) => finish(code ?? 1))
  })
}
