import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import type { AddressGuard } from './address-guard.ts'
import { hostOf, refused } from './address-guard.ts'
import { addressKind } from './address-kind.ts'

const KEEP_ALIVE = {
  keepAlive: true,
  keepAliveMsecs: 30_000,
  maxSockets: Infinity,
  maxFreeSockets: 256,
  timeout: 0,
}

type Connect = http.Agent['createConnection']
type Arguments = Parameters<Connect>

/** Node calls no lookup hook for literals, so that these are judged here, before the socket is made. */
function guarded(guard: AddressGuard, args: Arguments, connect: Connect): Duplex | null | undefined {
  const [options, callback] = args
  const host = String(options.host ?? '')
  const port = Number(options.port)
  if (isIP(host)) {
    const reason = guard.judge(host, port)
    if (reason) {
      callback?.(refused(host, reason), undefined as unknown as Duplex)
      return undefined
    }
  }
  return connect({ ...options, lookup: guard.lookupFor(port) }, callback)
}

class GuardedHttpAgent extends http.Agent {
  private readonly guard: AddressGuard

  constructor(guard: AddressGuard) {
    super(KEEP_ALIVE)
    this.guard = guard
  }

  override createConnection(...args: Arguments): Duplex | null | undefined {
    return guarded(this.guard, args, (...inner) => super.createConnection(...inner))
  }
}

class GuardedHttpsAgent extends https.Agent {
  private readonly guard: AddressGuard

  constructor(guard: AddressGuard, ca: string[] | undefined) {
    super({ ...KEEP_ALIVE, ca })
    this.guard = guard
  }

  override createConnection(...args: Arguments): Duplex | null | undefined {
    return guarded(this.guard, args, (...inner) => super.createConnection(...inner))
  }
}

export interface Route {
  agent: http.Agent
  /** Whether the connection's other end is the proxy: its address is the operator's word, and is not judged. */
  proxied: boolean
}

/** Chooses the way for each call: private addresses are called directly, all others through the proxy if there is one. */
export class Agents {
  private readonly guard: AddressGuard
  private readonly direct: { http: http.Agent; https: https.Agent }
  private readonly proxied: { http: http.Agent; https: https.Agent } | null

  constructor(guard: AddressGuard, proxy: string | undefined, ca: string | undefined) {
    this.guard = guard
    const trusted = ca ? [...tls.getCACertificates('default'), ca] : undefined
    this.direct = { http: new GuardedHttpAgent(guard), https: new GuardedHttpsAgent(guard, trusted) }
    const proxyEnv = { HTTP_PROXY: proxy, HTTPS_PROXY: proxy }
    this.proxied = proxy
      ? {
          http: new http.Agent({ ...KEEP_ALIVE, proxyEnv }),
          https: new https.Agent({ ...KEEP_ALIVE, ca: trusted, proxyEnv }),
        }
      : null
  }

  async routeFor(url: URL): Promise<Route> {
    const kind = url.protocol === 'https:' ? 'https' : 'http'
    if (!this.proxied) {
      await this.guard.allowed(url)
      return { agent: this.direct[kind], proxied: false }
    }
    // A name that this machine cannot resolve may be known to the proxy.
    const addresses = await this.guard.allowed(url).catch((error: unknown) => {
      if (!isIP(hostOf(url)) && error instanceof Error && 'syscall' in error) return []
      throw error
    })
    const inside = addresses.length > 0 && addresses.every((address) => addressKind(address) !== 'public')
    return inside
      ? { agent: this.direct[kind], proxied: false }
      : { agent: this.proxied[kind], proxied: true }
  }

  close(): void {
    for (const set of [this.direct, this.proxied]) {
      set?.http.destroy()
      set?.https.destroy()
    }
  }
}
