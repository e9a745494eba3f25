import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'

/** One line of a bench's table; `baseline` names the row that it is a ratio against. */
export interface BenchRow {
  name: string
  figures: Record<string, number | string>
}

export interface BenchResult {
  rows: BenchRow[]
  notes?: string[]
}

/** What a bench file exports as `bench`. */
export type Bench = () => Promise<BenchResult>

/** Milliseconds that a fixed piece of CPU work takes here and now: the yardstick between machines. */
export function yardstick(): number {
  const once = () => {
    const began = performance.now()
    let hash = 2166136261
    const words: string[] = []
    for (let index = 0; index < 12_000_000; index += 1) hash = Math.imul(hash ^ (index & 255), 16777619)
    for (let index = 0; index < 200_000; index += 1) words.push((index ^ hash).toString(36))
    words.sort()
    JSON.parse(JSON.stringify(words))
    return performance.now() - began
  }
  return Math.min(once(), once(), once())
}

/** A command before another that keeps it on one core; empty where `taskset` or a second core is missing. */
export function onCore(core: number): string[] {
  const isThere = spawnSync('taskset', ['-c', String(core), 'true']).status === 0
  return isThere ? ['taskset', '-c', String(core)] : []
}

/** Keeps a running process (this one where absent), all its threads too, on one core; false where it cannot. */
export function pinToCore(core: number, pid: number = process.pid): boolean {
  return spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)]).status === 0
}

let ticksPerSecond: number | undefined

/** Milliseconds of CPU (user and system, all threads) that a process has used. Linux only. */
export function cpuMs(pid: number): number {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond
}

/** Resident memory of a process in MiB. Linux only. */
export function residentMiB(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(match?.[1]) / 1024
}

/** The value below which `share` (0 to 1) of the values lie; NaN for none. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  const index = Math.ceil(share * sorted.length) - 1
  return sorted[Math.max(0, index)] ?? Number.NaN
}

export interface LoadRequest {
  method: string
  path: string
  headers?: Record<string, string>
  body?: string
  /** Groups the figures. */
  kind?: string
}

export interface LoadOptions {
  host: string
  port: number
  /** Users in a closed loop: each sends its next request when its last was answered. */
  users: number
  /** Milliseconds that are measured. */
  durationMs: number
  /** Milliseconds before, which are not. */
  warmUpMs?: number
  /** The user's next request. */
  next: (user: number, sequence: number) => LoadRequest
}

export interface LoadResult {
  requests: number
  perSecond: number
  meanMs: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  /** Count by status. */
  statuses: Record<string, number>
  /** Latencies in ms by the request's kind. */
  kinds: Record<string, { count: number; meanMs: number; p99Ms: number }>
}

/** The bytes of a request on a connection that stays open. */
export function requestBytes(request: LoadRequest, host: string): Buffer {
  const { method, path, headers = {}, body } = request
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${host}`]
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  if (body !== undefined) lines.push(`content-length: ${Buffer.byteLength(body)}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`)
}

const HEADERS_END = Buffer.from('\r\n\r\n')
const LAST_CHUNK = Buffer.from('0\r\n\r\n')

/** Status and whole length of the reply that `data` begins with; undefined while it is not complete. */
export function readReply(data: Buffer): { status: number; length: number } | undefined {
  const headersEnd = data.indexOf(HEADERS_END)
  if (headersEnd < 0) return undefined
  const head = data.toString('latin1', 0, headersEnd)
  const status = Number(head.slice(9, 12))
  const bodyStart = headersEnd + HEADERS_END.length
  const declared = /\r\ncontent-length: *(\d+)/i.exec(head)
  if (declared) {
    const length = bodyStart + Number(declared[1])
    return data.length >= length ? { status, length } : undefined
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return { status, length: bodyStart }
  const end = data.indexOf(LAST_CHUNK, Math.max(bodyStart, data.length - LAST_CHUNK.length))
  return end < 0 ? undefined : { status, length: end + LAST_CHUNK.length }
}

class LoadUser {
  readonly #socket = new Socket()
  readonly #options: LoadOptions
  readonly #number: number
  readonly #report: (kind: string, ms: number, status: number) => void
  #pending = Buffer.alloc(0)
  #kind = ''
  #sentAt = 0
  #sequence = 0
  #isStopping = false
  readonly ended: Promise<void>

  constructor(
    options: LoadOptions,
    number: number,
    report: (kind: string, ms: number, status: number) => void,
  ) {
    this.#options = options
    this.#number = number
    this.#report = report
    this.ended = new Promise((resolve, reject) => {
      this.#socket.once('error', reject)
      this.#socket.once('close', () => {
        if (this.#isStopping) resolve()
        else reject(new Error(`the server closed the connection of user ${number}`))
      })
    })
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk) => this.#take(chunk))
    this.#socket.connect(options.port, options.host, () => this.#send())
  }

  stop(): void {
    this.#isStopping = true
  }

  #send(): void {
    const request = this.#options.next(this.#number, this.#sequence)
    this.#sequence += 1
    this.#kind = request.kind ?? ''
    this.#sentAt = performance.now()
    this.#socket.write(requestBytes(request, `${this.#options.host}:${this.#options.port}`))
  }

  #take(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#pending, chunk])
    const reply = readReply(this.#pending)
    if (!reply) return
    this.#report(this.#kind, performance.now() - this.#sentAt, reply.status)
    this.#pending = this.#pending.subarray(reply.length)
    if (this.#isStopping) this.#socket.destroy()
    else this.#send()
  }
}

/** Users in a closed loop on sockets that stay open. @throws Error when the server closes one. */
export async function closedLoop(options: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = []
  const byKind = new Map<string, number[]>()
  const statuses: Record<string, number> = {}
  let isMeasured = false
  const report = (kind: string, ms: number, status: number) => {
    if (!isMeasured) return
    latencies.push(ms)
    statuses[status] = (statuses[status] ?? 0) + 1
    const ofKind = byKind.get(kind)
    if (ofKind) ofKind.push(ms)
    else byKind.set(kind, [ms])
  }
  const users = Array.from({ length: options.users }, (_, number) => new LoadUser(options, number, report))
  const broken = Promise.all(users.map((user) => user.ended))
  const pause = (ms: number) => Promise.race([broken, new Promise((resolve) => setTimeout(resolve, ms))])
  await pause(options.warmUpMs ?? 1_000)
  isMeasured = true
  const began = performance.now()
  await pause(options.durationMs)
  const seconds = (performance.now() - began) / 1000
  isMeasured = false
  for (const user of users) user.stop()
  await broken
  return summary(latencies, byKind, statuses, seconds)
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function summary(
  latencies: number[],
  byKind: Map<string, number[]>,
  statuses: Record<string, number>,
  seconds: number,
): LoadResult {
  const kinds = [...byKind].map(([kind, values]) => {
    return [kind, { count: values.length, meanMs: mean(values), p99Ms: percentile(values, 0.99) }] as const
  })
  return {
    requests: latencies.length,
    perSecond: latencies.length / seconds,
    meanMs: mean(latencies),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    maxMs: percentile(latencies, 1),
    statuses,
    kinds: Object.fromEntries(kinds),
  }
}
