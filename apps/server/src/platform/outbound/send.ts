import type { IncomingMessage, RequestOptions } from 'node:http'
import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import type { TransportRequest } from '@anneal/providers'
import type { AddressGuard } from './address-guard.ts'
import { hostOf, portOf, refused } from './address-guard.ts'
import type { Route } from './agents.ts'

function timeout(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

function optionsOf(url: URL, request: TransportRequest, route: Route): RequestOptions {
  const body = request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) }
  return {
    method: request.method,
    host: hostOf(url),
    port: portOf(url),
    path: url.pathname + url.search,
    headers: { 'accept-encoding': 'identity', ...request.headers, ...body },
    agent: route.agent,
    ...(url.username && { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` }),
  }
}

/** Calls `connected` once bytes may be sent, which for a kept connection is at once. */
function onConnected(socket: Socket, connected: () => void): void {
  const secure = 'secureConnecting' in socket
  if (secure && socket.secureConnecting === true) socket.once('secureConnect', connected)
  else if (socket.connecting) socket.once('connect', connected)
  else connected()
}

function abortReason(signal: AbortSignal): Error {
  const { reason } = signal as { reason: unknown }
  return reason instanceof Error ? reason : new Error('the call was aborted', { cause: reason })
}

/** One request without redirects; resolves with the head of the reply. */
export function sendOnce(
  guard: AddressGuard,
  route: Route,
  url: URL,
  request: TransportRequest,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const library = url.protocol === 'https:' ? https : http
    const sent = library.request(optionsOf(url, request, route))
    /* By hand: the option of `http.request` watches the whole stream for it. */
    const onAbort = (): void => void sent.destroy(abortReason(request.signal))
    request.signal.addEventListener('abort', onAbort, { once: true })
    sent.once('close', () => request.signal.removeEventListener('abort', onAbort))
    const connectMs = request.connectTimeoutMs
    let timer = setTimeout(() => sent.destroy(timeout('ETIMEDOUT', 'no connection in time')), connectMs)
    sent.once('socket', (socket) =>
      onConnected(socket, () => {
        clearTimeout(timer)
        // Judged again on the address connected to: a kept connection may be older than the present settings.
        const reason = route.proxied ? null : guard.judge(socket.remoteAddress ?? '', portOf(url))
        if (reason) return void sent.destroy(refused(hostOf(url), reason))
        timer = setTimeout(
          () => sent.destroy(timeout('UND_ERR_HEADERS_TIMEOUT', 'no reply in time')),
          request.headersTimeoutMs,
        )
      }),
    )
    sent.once('response', (reply) => {
      clearTimeout(timer)
      resolve(reply)
    })
    sent.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      // The other side had closed an idle connection: nothing of this request was taken, so it is sent once more.
      if (sent.reusedSocket && error.code === 'ECONNRESET' && !request.signal.aborted) {
        sendOnce(guard, route, url, request).then(resolve, reject)
      } else reject(error)
    })
    sent.end(request.body)
  })
}
