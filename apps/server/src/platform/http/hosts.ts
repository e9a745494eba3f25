import { isIP } from 'node:net'
import type { Config } from '../config/index.ts'

const nameOf = (host: string) => host.replace(/:\d+$/, '').toLowerCase()

/** The bare name of a `Host` header: no port, no brackets, no final dot. */
function bareName(host: string): string {
  const name = nameOf(host)
  return name.startsWith('[') ? name.slice(1, -1) : name.replace(/\.$/, '')
}

/**
 * Whether a `Host` is one of ours: another name that leads here may be a stranger's page that rebinds its name to
 * this address. Ports are not looked at, since a forwarded port is as good as the real one.
 */
export function hostCheck(
  config: Pick<Config, 'publicUrl' | 'nodeUrl'>,
): (host: string | undefined) => boolean {
  const names = new Set(['localhost'])
  for (const url of [config.publicUrl, config.nodeUrl]) if (url) names.add(bareName(new URL(url).host))
  return (host) => {
    // Only HTTP/1.0 comes without one, and no browser speaks that.
    if (host === undefined) return true
    const name = bareName(host)
    return names.has(name) || isIP(name) !== 0
  }
}

/**
 * Whether a request that carries no bearer may write: a page of another origin can send our cookies along, but
 * cannot hide where it comes from.
 */
export function sameOrigin(
  headers: {
    host?: string | undefined
    origin?: string | undefined
    'sec-fetch-site'?: string | string[] | undefined
  },
  config: Pick<Config, 'publicUrl' | 'nodeUrl'>,
): boolean {
  const site = headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return true
  const { origin } = headers
  if (origin === undefined) return site === undefined
  if (origin === config.publicUrl || origin === config.nodeUrl) return true
  return URL.canParse(origin) && new URL(origin).host === headers.host
}
