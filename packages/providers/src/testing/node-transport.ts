import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Transport, TransportReply, TransportRequest } from '../provider.ts'

const timeoutError = (code: string): Error => Object.assign(new Error(code), { code })

const replyOf = (message: IncomingMessage): TransportReply => {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  const { remoteAddress } = message.socket
  return { status: message.statusCode ?? 0, headers, body: message, ...(remoteAddress && { remoteAddress }) }
}

const send = (options: TransportRequest): Promise<TransportReply> => {
  const { promise, resolve, reject } = Promise.withResolvers<TransportReply>()
  const { method, body, signal, connectTimeoutMs, headersTimeoutMs } = options
  // Node sends no length by itself with a DELETE.
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const headers = { ...options.headers, ...length }
  const url = new URL(options.url)
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { method, headers, signal })
  const connecting = setTimeout(() => request.destroy(timeoutError('ETIMEDOUT')), connectTimeoutMs)
  const waiting = setTimeout(() => request.destroy(timeoutError('UND_ERR_HEADERS_TIMEOUT')), headersTimeoutMs)
  const stopTimers = (): void => {
    clearTimeout(connecting)
    clearTimeout(waiting)
  }
  request.on('socket', (socket) => {
    socket.setNoDelay(true)
    if (socket.connecting) socket.once('connect', () => clearTimeout(connecting))
    else clearTimeout(connecting)
  })
  request.on('response', (message) => {
    stopTimers()
    resolve(replyOf(message))
  })
  request.on('error', (error) => {
    stopTimers()
    reject(error)
  })
  request.end(body)
  return promise
}

/** A plain way out for tests and scripts: no proxy, no limits, no forbidden addresses. */
export const nodeTransport: Transport = { request: async (options) => send(options) }
