import type { ServerResponse } from 'node:http'
import type { ServerSentEvent } from './replies.ts'

const heartbeatMs = 15_000
/**
 * A reader that leaves more than this unread is dropped; it comes back and resumes by number. What is sent in one go
 * (a reader that catches up) does not count until the wire had its chance to take it, and may take its time.
 */
const unreadLimit = 64 * 1024

function format({ id, event, data }: ServerSentEvent): string {
  const head = `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}`
  /* JSON stands on one line. */
  const body = typeof data === 'string' ? data.replaceAll('\n', '\ndata: ') : JSON.stringify(data)
  return `${head}data: ${body}\n\n`
}

export interface EventStream {
  send(event: ServerSentEvent): boolean
  end(): void
  readonly signal: AbortSignal
}

/** Begins server-sent events on a response: a heartbeat each 15 s, never buffered by a proxy, never compressed. */
export function openEventStream(response: ServerResponse, headers: Record<string, string>): EventStream {
  const abort = new AbortController()
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  const heartbeat = setInterval(() => response.write(':\n\n'), heartbeatMs)
  heartbeat.unref()
  response.once('close', () => {
    clearInterval(heartbeat)
    abort.abort()
  })
  response.on('error', () => abort.abort())
  let granted = 0
  let before: number | null = null
  const endOfTurn = () => {
    const burst = response.writableLength - (before ?? 0)
    if (burst > unreadLimit) granted = response.writableLength
    before = null
  }
  return {
    signal: abort.signal,
    send(event) {
      if (abort.signal.aborted) return false
      if (before === null) {
        before = response.writableLength
        granted = Math.min(granted, before)
        if (before - granted > unreadLimit) {
          response.destroy()
          return false
        }
        setImmediate(endOfTurn)
      }
      return response.write(format(event))
    },
    end() {
      clearInterval(heartbeat)
      if (!response.destroyed) response.end()
    },
  }
}
