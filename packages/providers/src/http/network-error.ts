import { ProviderError } from '../provider-error.ts'

export type UnreachableReason =
  | 'dns'
  | 'refused'
  | 'tls'
  | 'connect-timeout'
  | 'reset'
  | 'no-route'
  | 'bad-address'
  | 'blocked'
  | 'other'

const REASONS: Record<string, UnreachableReason> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'connect-timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  ERR_INVALID_URL: 'bad-address',
  ERR_INVALID_PROTOCOL: 'bad-address',
  EPROTO: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
  UNABLE_TO_GET_ISSUER_CERT: 'tls',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  HOSTNAME_MISMATCH: 'tls',
}

/** The first code found on an error, on those it collects, or on its cause. */
const codeOf = (error: unknown, depth = 0): string | undefined => {
  if (!(error instanceof Error) || depth > 4) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code !== undefined) return code
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause
  return codeOf(inner, depth + 1)
}

const reasonOf = (code: string): UnreachableReason => {
  const known = REASONS[code]
  if (known !== undefined) return known
  if (/^(CERT_|ERR_TLS_|ERR_SSL_)/.test(code)) return 'tls'
  // A code of the house's own (`module.reason`): the transport would not make the call.
  return /^[a-z-]+\.[a-z-]+$/.test(code) ? 'blocked' : 'other'
}

/** A failure before any reply came, as `provider.unreachable` with `reason` and the system's own code as `detail`. */
export const networkError = (error: unknown): ProviderError => {
  if (error instanceof ProviderError) return error
  const code = codeOf(error) ?? 'unknown'
  if (code === 'UND_ERR_HEADERS_TIMEOUT') {
    return new ProviderError('provider.first-token-timeout', { cause: error })
  }
  const reason = reasonOf(code)
  return new ProviderError('provider.unreachable', {
    params: { reason, detail: code },
    retryable: reason !== 'tls' && reason !== 'blocked' && reason !== 'bad-address',
    cause: error,
  })
}
