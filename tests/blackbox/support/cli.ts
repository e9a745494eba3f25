import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { TestServer } from '../../support/server.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const main = path.join(root, 'apps/server/src/cli/main.ts')

export interface CliResult {
  code: number | null
  output: string
  lines: string[]
}

export interface RunningCli {
  child: ChildProcess
  ended: Promise<CliResult>
}

/** Calls `anneal` as whoever owns the server's data folder would. */
export function startAnneal(
  server: TestServer,
  args: string[],
  env: Record<string, string> = {},
): RunningCli {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    env: { ...server.environment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk))
  const ended = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    output,
    lines: output.trim().split('\n'),
  }))
  return { child, ended }
}

export const anneal = (
  server: TestServer,
  args: string[],
  env?: Record<string, string>,
): Promise<CliResult> => startAnneal(server, args, env).ended
