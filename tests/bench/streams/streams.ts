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

/** What readers saw of many streams at once, and when all of them ran. */
export class Lateness {
  /** Of each token: when it was sent, as Unix milliseconds, and how much later it came. */
  readonly sentAt: number[] = []
  readonly late: number[] = []
  private readonly streams: number
  private readonly atEdge: () => number
  private begun = 0
  private from: Edge | null = null
  private to: Edge | null = null

  /** `atEdge` tells the CPU used so far, in ms: asked when the last stream has begun and when the first one ends. */
  constructor(streams: number, atEdge: () => number) {
    this.streams = streams
    this.atEdge = atEdge
  }

  begins(): void {
    this.begun += 1
    if (this.begun === this.streams) this.from = this.edge()
  }

  token(sentAt: number): void {
    this.sentAt.push(sentAt)
    this.late.push(now() - sentAt)
  }

  ends(): void {
    this.to ??= this.edge()
  }

  /**
   * Lateness of what was sent while all ran, and the CPU that each token took meanwhile, whenever it was sent. Null where
   * one had ended before the last began.
   */
  steady(): { late: number[]; cpuUs: number; seconds: number } | null {
    const { from, to } = this
    if (!from || !to || to.at <= from.at) return null
    const late = this.late.filter((_, index) => {
      const sentAt = this.sentAt[index] ?? 0
      return sentAt >= from.at && sentAt <= to.at
    })
    return {
      late,
      cpuUs: ((to.cpuMs - from.cpuMs) * 1000) / (to.tokens - from.tokens),
      seconds: (to.at - from.at) / 1000,
    }
  }

  private edge(): Edge {
    return { at: now(), cpuMs: this.atEdge(), tokens: this.late.length }
  }
}

interface Edge {
  at: number
  cpuMs: number
  tokens: number
}

const now = (): number => performance.timeOrigin + performance.now()

/** Reads a stream to its end. */
export function readStream(
  url: string,
  headers: Record<string, string>,
  method: 'GET' | 'POST',
  lateness: Pick<Lateness, 'begins' | 'token' | 'ends'>,
  body?: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const agent = new Agent()
    const sent = (method === 'GET' ? get : request)(url, { headers, method, agent }, (reply) => {
      if (reply.statusCode !== 200) return reject(new Error(`${url} answered ${reply.statusCode}`))
      reply.setEncoding('latin1')
      let hasBegun = false
      reply.on('data', (piece: string) => {
        for (const [, at] of piece.matchAll(stamp)) {
          if (!hasBegun) lateness.begins()
          hasBegun = true
          lateness.token(Number(at))
        }
      })
      reply.on('end', () => {
        lateness.ends()
        resolve()
      })
      reply.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
