import type { IncomingMessage } from 'node:http'
import type { TransportReply, TransportRequest } from '@anneal/providers'
import { AddressGuard, hostOf, refused } from './address-guard.ts'
import { Agents } from './agents.ts'
import type { Outbound, OutboundOptions } from './outbound.types.ts'
import { ReplyWatch } from './reply-watch.ts'
import { sendOnce } from './send.ts'

export type { Outbound, OutboundOptions } from './outbound.types.ts'

const MAX_REDIRECTS = 5
const LIMITS = { idleMs: 10 * 60_000, maxBytes: 256 * 1024 * 1024 }
/** Meant for the first address alone. */
const CREDENTIALS = /^(authorization|cookie|proxy-authorization|x-api-key|api-key|x-goog-api-key)$/i

/** Where a reply leads on to; null where it is to be handed back as it is. */
function nextRequest(url: URL, request: TransportRequest, reply: IncomingMessage): URL | null {
  const location = reply.headers.location
  const status = reply.statusCode ?? 0
  // 301 to 303 may turn a POST into a GET: a prompt that is lost on the way is worse than a plain refusal.
  const followed =
    status === 307 || status === 308 || (request.method === 'GET' && status > 300 && status < 304)
  return followed && location ? URL.parse(location, url.href) : null
}

function withoutCredentials(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !CREDENTIALS.test(name)))
}

function headersOf(reply: IncomingMessage): Record<string, string> {
  const entries = Object.entries(reply.headers)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}

/** Makes the one way out. The limits are for tests to shorten. */
export function createOutbound(options: OutboundOptions, limits = LIMITS): Outbound {
  const guard = new AddressGuard(options)
  const agents = new Agents(guard, options.proxy, options.ca)
  const watch = new ReplyWatch(limits)

  async function request(first: TransportRequest): Promise<TransportReply> {
    let url = new URL(first.url)
    let current = first
    for (let redirects = 0; ; redirects += 1) {
      const route = await agents.routeFor(url)
      current.signal.throwIfAborted()
      const reply = await sendOnce(guard, route, url, current)
      const mayFollow = current.redirects !== 'kept' && redirects < MAX_REDIRECTS
      const next = mayFollow ? nextRequest(url, current, reply) : null
      if (!next) {
        watch.add(reply)
        const remoteAddress = route.proxied ? undefined : reply.socket.remoteAddress
        return {
          status: reply.statusCode ?? 0,
          headers: headersOf(reply),
          body: reply,
          ...(remoteAddress && { remoteAddress }),
        }
      }
      reply.resume()
      if (url.protocol === 'https:' && next.protocol !== 'https:') throw refused(hostOf(next), 'downgrade')
      if (next.origin !== url.origin) current = { ...current, headers: withoutCredentials(current.headers) }
      url = next
    }
  }

  return {
    transport: { request },
    async check(text) {
      await agents.routeFor(new URL(text))
    },
    refusePort: (port) => void guard.ownPorts.add(port),
    allowLoopbackPort: (port) => void guard.loopbackPorts.add(port),
    forgetLoopbackPort: (port) => void guard.loopbackPorts.delete(port),
    close() {
      watch.close()
      agents.close()
    },
  }
}
