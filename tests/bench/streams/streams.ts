import { spawn, type ChildProcess } from 'node:child_process'
import { Agent, get, request } from 'node:http'
import path from 'node:path'
import { onCore } from '../support.ts'

/** Starts a script of this folder on one core. */
export function startScript(core: number, name: string, args: (string | number)[]): ChildProcess {
  const script = path.join(import.meta.dirname, name)
  const [command = process.execPath, ...rest] = [
    ...onCore(core),
    process.execPath,
    script,
    ...args.map(String),
  ]
  return spawn(command, rest, { stdio: ['ignore', 'ignore', 'inherit'] })
}

const stamp = / w\d+@([\d.]+)@/g

/** Reads a stream to its end; the lateness of each token in ms goes into `late`. */
export function readStream(
  url: string,
  headers: Record<string, string>,
  method: 'GET' | 'POST',
  late: number[],
  body?: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const agent = new Agent()
    const sent = (method === 'GET' ? get : request)(url, { headers, method, agent }, (reply) => {
      if (reply.statusCode !== 200) return reject(new Error(`${url} answered ${reply.statusCode}`))
      reply.setEncoding('latin1')
      reply.on('data', (piece: string) => {
        const now = performance.timeOrigin + performance.now()
        for (const [, at] of piece.matchAll(stamp)) late.push(now - Number(at))
      })
      reply.on('end', () => resolve())
      reply.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
