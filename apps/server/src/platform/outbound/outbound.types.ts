import type { Transport } from '@anneal/providers'

export interface OutboundOptions {
  /** The present setting: whether private addresses (10/8, 192.168/16, loopback, …) may be called. */
  allowPrivate(): boolean | Promise<boolean>
  /** `ANNEAL_HTTP_PROXY`. */
  proxy?: string | undefined
  /** PEM text of `ANNEAL_CA_FILE`, trusted beside the usual ones. */
  ca?: string | undefined
  /** The database's URL, whose address is refused. */
  databaseUrl?: string | undefined
  /** Stands in for DNS in tests: all addresses of a name. */
  lookup?(name: string): Promise<string[]>
}

/** The one way out to an address that a person gave. */
export interface Outbound {
  /** Refusals reject with `platform.address-refused`; network errors are Node's own. */
  transport: Transport
  /** Throws `platform.address-refused` where a call would be refused at once; a name is looked up. */
  check(url: string): Promise<void>
  /** Ports that this server listens on: refused on every address of this machine. */
  refusePort(port: number): void
  /** A served model's loopback port: allowed whatever the setting says. */
  allowLoopbackPort(port: number): void
  forgetLoopbackPort(port: number): void
  close(): void
}
