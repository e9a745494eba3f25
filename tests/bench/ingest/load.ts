import { Socket } from 'node:net'
import { readReply } from '../support.ts'
import type { BatchBody } from './batches.ts'

export interface IngestOptions {
  port: number
  path: string
  headers: Record<string, string>
  bodies: readonly BatchBody[]
  pointsPerBatch: number
  warmUpMs: number
  durationMs: number
}

/** One run that sends its next batch once the last was answered. */
function sender(options: IngestOptions, body: BatchBody, answered: (ms: number) => void) {
  const socket = new Socket()
  let pending = Buffer.alloc(0)
  let sentAt = 0
  let stopping = false
  const head = Object.entries(options.headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const send = () => {
    const bytes = body.write()
    sentAt = performance.now()
    socket.write(
      `POST ${options.path} HTTP/1.1\r\nhost: localhost:${options.port}\r\ncontent-type: application/json\r\n${head.join('')}content-length: ${bytes.length}\r\n\r\n`,
    )
    socket.write(Buffer.from(bytes))
  }
  const ended = new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', () => (stopping ? resolve() : reject(new Error('the server closed a connection'))))
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      const reply = readReply(pending)
      if (!reply) return
      if (reply.status >= 300) return reject(new Error(`answered ${pending.toString('latin1')}`))
      pending = pending.subarray(reply.length)
      answered(performance.now() - sentAt)
      if (stopping) socket.destroy()
      else send()
    })
  })
  socket.setNoDelay(true)
  socket.connect(options.port, '127.0.0.1', send)
  return { ended, stop: () => (stopping = true) }
}

/** All runs at once; counts what was answered within the measured time. */
export async function ingestLoad(
  options: IngestOptions,
  onMeasure: () => void,
): Promise<{ points: number; seconds: number; latencies: number[]; allPoints: number }> {
  const latencies: number[] = []
  let measured = false
  let all = 0
  const answered = (ms: number) => {
    all += options.pointsPerBatch
    if (measured) latencies.push(ms)
  }
  const senders = options.bodies.map((body) => sender(options, body, answered))
  const broken = Promise.all(senders.map(({ ended }) => ended))
  const pause = (ms: number) => Promise.race([broken, new Promise((resolve) => setTimeout(resolve, ms))])
  await pause(options.warmUpMs)
  measured = true
  onMeasure()
  const began = performance.now()
  await pause(options.durationMs)
  const seconds = (performance.now() - began) / 1000
  measured = false
  for (const { stop } of senders) stop()
  await broken
  return { points: latencies.length * options.pointsPerBatch, seconds, latencies, allPoints: all }
}
