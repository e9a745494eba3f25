import type { EventParams } from '@anneal/contract'

export type ProviderErrorCode =
  | 'provider.unreachable'
  | 'provider.unauthorized'
  | 'provider.forbidden'
  | 'provider.model-not-found'
  | 'provider.rate-limited'
  | 'provider.overloaded'
  | 'provider.context-too-long'
  | 'provider.refused'
  | 'provider.failed'
  | 'provider.first-token-timeout'
  | 'provider.stalled'
  | 'provider.cut-off'
  | 'provider.garbage'
  | 'provider.stream-error'
  | 'provider.gave-up'

const RETRYABLE: ReadonlySet<ProviderErrorCode> = new Set<ProviderErrorCode>([
  'provider.unreachable',
  'provider.rate-limited',
  'provider.overloaded',
  'provider.failed',
  'provider.first-token-timeout',
  'provider.stalled',
  'provider.cut-off',
  'provider.gave-up',
])

export interface ProviderErrorOptions {
  params?: EventParams
  retryable?: boolean
  /** HTTP status of the reply, if there was one. */
  status?: number
  cause?: unknown
}

/** Why a provider gave no answer, or no more of it. Whether the call may be tried again stands on the error. */
export class ProviderError extends Error {
  readonly code: ProviderErrorCode
  readonly params: EventParams
  readonly retryable: boolean
  readonly status: number | undefined

  constructor(code: ProviderErrorCode, options: ProviderErrorOptions = {}) {
    super(code, { cause: options.cause })
    this.name = 'ProviderError'
    this.code = code
    this.params = options.params ?? {}
    this.retryable = options.retryable ?? RETRYABLE.has(code)
    this.status = options.status
  }
}
