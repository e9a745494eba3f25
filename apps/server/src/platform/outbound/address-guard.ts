import { lookup as dnsLookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import { AppError } from '../errors.ts'
import { addressKind, isMetadataName, plainAddress } from './address-kind.ts'
import type { OutboundOptions } from './outbound.types.ts'

type Reason = 'forbidden' | 'private' | 'own-port' | 'database' | 'protocol' | 'downgrade'

const KEEP_MS = 10_000
const DATABASE_PORTS: Record<string, number> = {
  'mysql:': 3306,
  'mariadb:': 3306,
  'postgres:': 5432,
  'postgresql:': 5432,
}

export function refused(host: string, reason: Reason): AppError {
  return new AppError('platform.address-refused', { host, reason })
}

/** Brackets of an IPv6 literal and the root's dot are spelling alone. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

export function portOf(url: URL): number {
  return url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80
}

/** Judges addresses. `refresh` before a call fetches what must be waited for; `judge` then answers at once. */
export class AddressGuard {
  readonly ownPorts = new Set<number>()
  readonly loopbackPorts = new Set<number>()
  private readonly options: OutboundOptions
  private readonly database: { host: string; port: number } | null
  private allowPrivate = false
  private databaseAddresses = new Set<string>()
  private ownAddresses = new Set<string>()
  private refreshedAt = 0

  constructor(options: OutboundOptions) {
    this.options = options
    const url = options.databaseUrl ? URL.parse(options.databaseUrl) : null
    const port = url ? Number(url.port) || DATABASE_PORTS[url.protocol] : undefined
    this.database = url && port ? { host: hostOf(url), port } : null
  }

  async refresh(): Promise<void> {
    this.allowPrivate = await this.options.allowPrivate()
    if (Date.now() - this.refreshedAt < KEEP_MS) return
    const own = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
    this.ownAddresses = new Set(own.flatMap((one) => plainAddress(one.address) ?? []))
    if (this.database) {
      const found = await this.resolve(this.database.host).catch(() => [])
      this.databaseAddresses = new Set(found.flatMap((address) => plainAddress(address) ?? []))
    }
    this.refreshedAt = Date.now()
  }

  async resolve(host: string): Promise<string[]> {
    if (isIP(host)) return [host]
    if (this.options.lookup) return this.options.lookup(host)
    return (await dnsLookup(host, { all: true })).map((entry) => entry.address)
  }

  /** Why this address and port may not be called; null where they may. */
  judge(address: string, port: number): Reason | null {
    const kind = addressKind(address)
    if (kind === 'forbidden') return 'forbidden'
    const plain = plainAddress(address) ?? address
    const own = kind === 'loopback' || this.ownAddresses.has(plain)
    if (own && this.ownPorts.has(port)) return 'own-port'
    if (this.database?.port === port) {
      const onThisMachine = [...this.databaseAddresses].some(
        (one) => addressKind(one) === 'loopback' || this.ownAddresses.has(one),
      )
      if (this.databaseAddresses.has(plain) || (own && onThisMachine)) return 'database'
    }
    if (kind === 'loopback' && this.loopbackPorts.has(port)) return null
    return kind === 'public' || this.allowPrivate ? null : 'private'
  }

  /** The URL's addresses that may be called; throws where there is none. Resolving errors are Node's own. */
  async allowed(url: URL): Promise<string[]> {
    const host = hostOf(url)
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused(host, 'protocol')
    if (isMetadataName(host)) throw refused(host, 'forbidden')
    await this.refresh()
    return this.sift(host, portOf(url), await this.resolve(host))
  }

  /** For `net.connect`: the socket is connected to addresses that were judged, and to no others. */
  lookupFor(port: number): LookupFunction {
    return (host, options, callback) => void this.answer(port, host, options, callback)
  }

  private async answer(
    port: number,
    ...[host, options, callback]: Parameters<LookupFunction>
  ): Promise<void> {
    let addresses: string[]
    try {
      addresses = this.sift(host, port, await this.resolve(host))
    } catch (error) {
      callback(error as NodeJS.ErrnoException, '')
      return
    }
    const wanted = addresses.filter((one) => !options.family || isIP(one) === options.family)
    const entries = (wanted.length > 0 ? wanted : addresses).map((one) => ({
      address: one,
      family: isIP(one),
    }))
    const first = entries[0]
    if (options.all || !first) callback(null, entries)
    else callback(null, first.address, first.family)
  }

  private sift(host: string, port: number, addresses: string[]): string[] {
    const reasons = addresses.map((address) => this.judge(address, port))
    const good = addresses.filter((_, index) => reasons[index] === null)
    const reason = reasons.find((one) => one !== null)
    if (good.length === 0) throw refused(host, reason ?? 'forbidden')
    return good
  }
}
