import type { Config } from '../../platform/config/index.ts'

const LOCAL: Record<string, string> = {
  localhost: '127.0.0.1',
  '0.0.0.0': '127.0.0.1',
  '::': '[::1]',
  '::1': '[::1]',
}

/** Where a program on this machine reaches this server: an address, which every server accepts as a Host. */
export function ownAddress(config: Pick<Config, 'hosts' | 'port'>): string {
  const [host = 'localhost'] = config.hosts
  return `http://${LOCAL[host] ?? (host.includes(':') ? `[${host}]` : host)}:${config.port}`
}
