import { Socket } from 'node:net'
import { type LoadRequest, readReply, requestBytes } from '../support.ts'

export interface SteadyOptions {
  port: number
  perSecond: number
  durationMs: number
  warmUpMs: number
  request: LoadRequest
}

export interface SteadyResult {
  /** Milliseconds from when a request was due to its whole reply. */
  latencies: number[]
  statuses: Record<string, number>
}

class Connection {
  readonly #socket = new Socket()
  readonly #bytes: Buffer
  #pending = Buffer.alloc(0)
  #take: ((status: number) => void) | undefined

  constructor(port: number, bytes: Buffer) {
    this.#bytes = bytes
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (piece) => {
      this.#pending = this.#pending.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#pending, piece])
      const reply = readReply(this.#pending)
      if (!reply) return
      this.#pending = this.#pending.subarray(reply.length)
      this.#take?.(reply.status)
    })
    this.#socket.connect(port, '127.0.0.1')
  }

  send(take: (status: number) => void): void {
    this.#take = take
    this.#socket.write(this.#bytes)
  }

  close(): void {
    this.#socket.destroy()
  }
}

/** Requests at a fixed rate, whatever the server makes of it: one that is late delays no other. */
export async function steady(options: SteadyOptions): Promise<SteadyResult> {
  const bytes = requestBytes(options.request, `127.0.0.1:${options.port}`)
  const all: Connection[] = []
  const free: Connection[] = []
  const latencies: number[] = []
  const statuses: Record<string, number> = {}
  const began = performance.now()
  let sent = 0
  const send = (dueAt: number): void => {
    let connection = free.pop()
    if (!connection) all.push((connection = new Connection(options.port, bytes)))
    const own = connection
    own.send((status) => {
      free.push(own)
      if (dueAt - began < options.warmUpMs) return
      latencies.push(performance.now() - dueAt)
      statuses[status] = (statuses[status] ?? 0) + 1
    })
  }
  /* Busy waiting: a timer's own lateness would be the server's. */
  const until = began + options.warmUpMs + options.durationMs
  await new Promise<void>((resolve) => {
    const turn = (): void => {
      const now = performance.now()
      for (let due = began + (sent * 1000) / options.perSecond; due <= now && due < until;) {
        send(due)
        sent += 1
        due = began + (sent * 1000) / options.perSecond
      }
      if (now < until + 200) setImmediate(turn)
      else resolve()
    }
    turn()
  })
  for (const connection of all) connection.close()
  return { latencies, statuses }
}
