import type { ErrorCode, TextParams } from '@anneal/contract'
import { errorStatus } from '@anneal/contract'

export interface FieldProblem {
  /** RFC 6901, into the body; `/query/x` and `/params/x` for the others. */
  pointer: string
  /** Last part of a text under `platform.fields`. */
  code: string
  params?: TextParams
}

export interface AppErrorOptions {
  cause?: unknown
  fields?: readonly FieldProblem[]
  /** The present state, sent as `current` with a 409 `platform.stale-version`. */
  current?: unknown
  /** More members of the problem document; never anything secret. */
  extra?: Record<string, unknown>
  /** Whole seconds for a `Retry-After` header. */
  retryAfter?: number
}

/** The one error a module throws: a code of the contract and what its text needs. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly params: TextParams
  readonly fields: readonly FieldProblem[] | undefined
  readonly extra: Record<string, unknown> | undefined
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, params: TextParams = {}, options: AppErrorOptions = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.params = params
    this.fields = options.fields
    this.extra =
      options.current === undefined ? options.extra : { ...options.extra, current: options.current }
    this.retryAfter = options.retryAfter
  }

  get status(): number {
    return errorStatus[this.code]
  }
}
