import { AppError } from '../../../platform/errors.ts'

const NO_SPACE = /No space left on device|\[Errno 28\]|Disk quota exceeded/
const NO_NETWORK =
  /Temporary failure in name resolution|Name or service not known|nodename nor servname|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|Network is unreachable|No route to host|ProxyError|Connection refused|Failed to establish a new connection/
const SHOWN = 5

/** pip's ending in words: its own lines say whether disk, network or something else was at fault. */
export function pipFailure(lines: readonly string[], freeGb: string, neededGb: number): AppError {
  const text = lines.join('\n')
  if (NO_SPACE.test(text)) return new AppError('training.no-space', { free: freeGb, needed: neededGb })
  if (NO_NETWORK.test(text)) {
    const source = /host='([^']+)'|https?:\/\/([^/\s'"]+)/.exec(text)
    return new AppError('training.no-network', { source: source?.[1] ?? source?.[2] ?? 'pypi.org' })
  }
  const errors = lines.filter((line) => /^\s*(ERROR|error):|Error\b/.test(line))
  const last = (errors.length > 0 ? errors : lines).slice(-SHOWN)
  return new AppError('training.install-failed', {
    lines: last
      .map((line) => line.trim())
      .join(' / ')
      .slice(0, 1000),
  })
}
