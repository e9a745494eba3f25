import type { EventParams } from '@anneal/contract'
import { ProviderError } from '../provider-error.ts'
import type { ProviderErrorCode } from '../provider-error.ts'
import { asRecord, asString } from '../json.ts'

const MESSAGE_LIMIT = 500
const CONTEXT_TOO_LONG =
  /context_length_exceeded|(maximum|max) context length|context (window|length|size)|prompt is too long|input (is )?too long|range of input length/i
const MODEL_NOT_FOUND =
  /model_not_found|model.{0,120}(not found|does ?n[o']t exist|not exist|unknown)|no such model/is

/** A provider's own words, without the key and cut to 500 characters. */
export const safeMessage = (message: string, apiKey: string | undefined): string => {
  const withoutKey = apiKey ? message.replaceAll(apiKey, '***') : message
  return withoutKey
    .replaceAll(/Bearer \S+/gi, 'Bearer ***')
    .trim()
    .slice(0, MESSAGE_LIMIT)
}

/** Finds the message in the error shapes of the field: `{error: {message}}`, `{error: ''}`, `{message}`, `{detail}`. */
export const messageOf = (value: unknown): string => {
  const record = asRecord(value)
  if (record === undefined) return ''
  const { error } = record
  const inner = asRecord(error)
  const found =
    asString(inner?.message) ?? asString(error) ?? asString(record.message) ?? asString(record.detail)
  return found ?? (inner ? JSON.stringify(inner) : '')
}

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Delay asked for by `retry-after-ms` or `retry-after` (seconds or a date), in milliseconds. */
const retryAfterMs = (headers: Record<string, string>, now: number): number | undefined => {
  const ms = Number(headers['retry-after-ms'])
  if (ms > 0) return Math.round(ms)
  const value = headers['retry-after']
  if (value === undefined) return undefined
  const seconds = Number(value)
  if (seconds >= 0) return Math.round(seconds * 1000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

const codeFor = (status: number, body: string): ProviderErrorCode => {
  if (status === 401) return 'provider.unauthorized'
  if (status === 403) return 'provider.forbidden'
  if (status === 429) return 'provider.rate-limited'
  if (status === 503 || status === 529) return 'provider.overloaded'
  if (status >= 500) return 'provider.failed'
  if (CONTEXT_TOO_LONG.test(body)) return 'provider.context-too-long'
  if ((status === 404 || status === 400) && MODEL_NOT_FOUND.test(body)) return 'provider.model-not-found'
  return 'provider.refused'
}

export interface ErrorReply {
  status: number
  headers: Record<string, string>
  body: string
}

/** Maps a reply that is no answer to a `ProviderError`. `requested` fills the parameters `model` and scrubs the key. */
export const replyError = (
  reply: ErrorReply,
  requested: { apiKey?: string; model?: string },
): ProviderError => {
  const { status, headers, body } = reply
  const json = parse(body)
  const message = safeMessage(json === undefined ? body : messageOf(json), requested.apiKey)
  const anthropicModel = status === 404 && asRecord(asRecord(json)?.error)?.type === 'not_found_error'
  const code = anthropicModel && requested.model ? 'provider.model-not-found' : codeFor(status, body)
  const wait = retryAfterMs(headers, Date.now())
  const params: EventParams = { status, message }
  if (requested.model !== undefined) params.model = requested.model
  if (wait !== undefined) params.retryAfterMs = wait
  // A spent quota answers 429 too, but waiting does not help.
  const retryable = code === 'provider.rate-limited' ? !body.includes('insufficient_quota') : undefined
  return new ProviderError(code, { params, status, ...(retryable !== undefined && { retryable }) })
}
