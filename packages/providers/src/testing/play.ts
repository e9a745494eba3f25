import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import type { WireFormat, WireReply } from './wire.ts'

/** How a stand-in goes wrong. A number answers that HTTP status. */
export type FailMode =
  | 401
  | 403
  | 404
  | 429
  | 500
  | 529
  | 'stall-before-first-token'
  | 'stall-between-tokens'
  | 'cut-off'
  | 'garbage'
  | 'error-event'

export interface PlayOptions {
  tokenDelayMs: number
  firstTokenDelayMs: number
  fail: FailMode | undefined
  /** Cuts what is written into pieces of random length, through characters too. */
  random: (() => number) | undefined
  signal: AbortSignal
  /** Called before the stand-in itself breaks the connection. */
  onCut(): void
}

const GARBAGE = '<!doctype html><html><body>It works!</body></html>\n'

/** Resolves when the caller has gone; a stall lasts no longer. */
const untilGone = (signal: AbortSignal): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal.aborted) resolve()
  else signal.addEventListener('abort', () => resolve(), { once: true })
  return promise
}

const writeCut = async (response: ServerResponse, text: string, random: () => number): Promise<void> => {
  const bytes = Buffer.from(text)
  let from = 0
  while (from < bytes.length) {
    const to = Math.min(bytes.length, from + 1 + Math.floor(random() * 24))
    response.write(bytes.subarray(from, to))
    from = to
    await nextTurn()
  }
}

const writePiece = async (response: ServerResponse, text: string, options: PlayOptions): Promise<void> => {
  if (options.random) await writeCut(response, text, options.random)
  else response.write(text)
}

/** Resolves when all that was written is with the operating system, so that a cut loses nothing of it. */
const handedOver = (response: ServerResponse): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { socket } = response
  if (socket === null) resolve()
  else socket.write('', () => resolve())
  return promise
}

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  if (ms > 0) await wait(ms, undefined, { signal }).catch(() => undefined)
}

/** Writes one reply token by token, in the way asked for. Answers whether it was written to its end. */
export const play = async (
  response: ServerResponse,
  wire: WireReply,
  format: WireFormat,
  options: PlayOptions,
): Promise<boolean> => {
  const { fail, signal } = options
  response.writeHead(200, { 'content-type': fail === 'garbage' ? 'text/html' : wire.contentType })
  response.flushHeaders()
  if (fail === 'garbage') {
    response.end(GARBAGE)
    return true
  }
  await writePiece(response, wire.head.join(''), options)
  await pause(options.firstTokenDelayMs, signal)
  if (fail === 'stall-before-first-token') await untilGone(signal)
  const breakAt = Math.ceil(wire.tokens.length / 2)
  for (const [index, token] of wire.tokens.entries()) {
    if (signal.aborted) return false
    if (index === breakAt && fail !== undefined) break
    if (index > 0) await pause(options.tokenDelayMs, signal)
    await writePiece(response, token, options)
  }
  if (fail === 'stall-between-tokens') await untilGone(signal)
  if (signal.aborted) return false
  if (fail === 'cut-off') {
    await handedOver(response)
    options.onCut()
    response.destroy()
  } else response.end(fail === 'error-event' ? format.errorEvent : wire.tail.join(''))
  return fail !== 'cut-off'
}
