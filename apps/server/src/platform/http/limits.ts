import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { RouteDefinition } from '@anneal/contract'
import { AppError } from '../errors.ts'
import { errorBody } from './problem.ts'
import type { Dialect } from './problem.ts'
import { securityHeaders } from './security-headers.ts'

/**
 * What a request may take. A body's size is its route's (`bodyLimit` in the contract, 1 MiB where it says nothing); a
 * stream's is what its handler lets in.
 */
export interface RequestLimits {
  /** Address and headers together. */
  headerBytes: number
  /** From the first byte to the last header. */
  headersMs: number
  /** Without a byte of the body for this long the request is given up. */
  idleMs: number
  /** A JSON body that is slower than this over all, after `graceMs`, is given up: it is kept in memory meanwhile. */
  bytesPerSecond: number
  graceMs: number
  /** Arrays and objects within each other. */
  depth: number
}

export const requestLimits: RequestLimits = {
  headerBytes: 16 * 1024,
  headersMs: 15_000,
  idleMs: 30_000,
  bytesPerSecond: 32 * 1024,
  graceMs: 30_000,
  depth: 100,
}

/** For every server that listens here. */
export function serverOptions(limits: RequestLimits): ServerOptions {
  return {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    connectionsCheckingInterval: Math.min(5000, limits.headersMs / 3),
  }
}

/** A body has its own rule: an upload of many gigabytes may last. */
export function limitServer(server: Server, answer: (error: Error, socket: Socket) => void): void {
  server.requestTimeout = 0
  server.removeAllListeners('clientError')
  server.on('clientError', (error, socket) => answer(error, socket as Socket))
}

const codes: Record<string, ['platform.headers-too-large' | 'platform.request-timeout', string]> = {
  HPE_HEADER_OVERFLOW: ['platform.headers-too-large', 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['platform.request-timeout', 'Request Timeout'],
}

/** Answers what is no request that could be read: coded as all errors are, and the connection ends. */
export function answerClientError(error: Error, socket: Socket): void {
  if (!socket.writable || ('code' in error && error.code === 'ECONNRESET')) return void socket.destroy()
  const [code, words] = codes['code' in error ? String(error.code) : ''] ?? [
    'platform.bad-request',
    'Bad Request',
  ]
  const { status, type, body } = errorBody(new AppError(code), 'problem' satisfies Dialect, 'en', '')
  const headers = { ...securityHeaders(false), 'content-type': type, 'cache-control': 'no-store' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.end(
    [
      `HTTP/1.1 ${status} ${words}`,
      ...lines,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}

/** Gives up a body that comes too slowly. */
export function watchBody(
  request: IncomingMessage,
  response: ServerResponse,
  definition: RouteDefinition,
  limits: RequestLimits,
): void {
  if (request.complete || request.headers['content-length'] === '0') return
  const isStream = definition.bodyKind === 'stream'
  const began = performance.now()
  let seen = request.socket.bytesRead
  const first = seen
  let last = began
  const late = () => {
    const now = performance.now()
    // Counted at the socket: a listener for data would make a stream flow before its handler reads.
    const read = request.socket.bytesRead
    // What waits for its handler is not slow itself.
    if (read !== seen || request.readableLength > 0) last = now
    seen = read
    if (now - last > limits.idleMs) return true
    const due = ((now - began - limits.graceMs) / 1000) * limits.bytesPerSecond
    return !isStream && read - first < due
  }
  const timer = setInterval(
    () => {
      if (!late()) return
      stop()
      const error = new AppError('platform.request-timeout')
      if (isStream) request.destroy(error)
      else request.emit('error', error)
    },
    Math.max(20, Math.min(1000, limits.idleMs / 4)),
  )
  timer.unref()
  const stop = () => clearInterval(timer)
  request.once('end', stop)
  request.once('close', stop)
  response.once('close', stop)
}

/** Whether a JSON text nests deeper than this; strings are passed over. */
export function isTooDeep(text: string, most: number): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 34) {
      at = endOfString(text, at)
    } else if (code === 91 || code === 123) {
      depth += 1
      if (depth > most) return true
    } else if (code === 93 || code === 125) depth -= 1
  }
  return false
}

/** Where the string that begins here ends. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1) {
    let before = end - 1
    while (text.charCodeAt(before) === 92) before -= 1
    if ((end - before) % 2 === 1) return end
    end = text.indexOf('"', end + 1)
  }
  return text.length
}
