import type { CallContext, TransportReply } from '../provider.ts'
import { ProviderError } from '../provider-error.ts'
import { networkError } from './network-error.ts'
import { readBody, readStart } from './read-body.ts'
import { replyError } from './reply-error.ts'

const TIMEOUT_MS = 15_000
const CONNECT_TIMEOUT_MS = 10_000
/** Large enough for some thousand vectors. */
const BODY_LIMIT = 64 * 1024 * 1024

export interface JsonOptions {
  method?: 'GET' | 'POST' | 'DELETE'
  url: string
  headers: Record<string, string>
  apiKey?: string | undefined
  body?: unknown
  /** For error parameters. */
  model?: string | undefined
  timeoutMs?: number
  /** Called when the head of any reply is there, before its status is judged. */
  onReply?: ((reply: TransportReply) => void) | undefined
}

/** One JSON document; undefined for an empty reply. Rejects with a `ProviderError`, or with the signal's reason when it was aborted. */
export const requestJson = async (options: JsonOptions, context: CallContext): Promise<unknown> => {
  const { method = 'GET', url, headers, apiKey, model, onReply, timeoutMs = TIMEOUT_MS } = options
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)])
  try {
    const reply = await context.transport.request({
      method,
      url,
      headers,
      signal,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      headersTimeoutMs: timeoutMs,
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    })
    onReply?.(reply)
    if (reply.status < 200 || reply.status > 299) {
      const body = await readStart(reply.body, signal, 65_536)
      throw replyError(
        { status: reply.status, headers: reply.headers, body },
        { ...(apiKey && { apiKey }), ...(model !== undefined && { model }) },
      )
    }
    let text = ''
    await readBody(reply.body, signal, (chunk) => {
      text += chunk
      if (text.length > BODY_LIMIT) throw new ProviderError('provider.garbage')
      return false
    })
    return text.trim() === '' ? undefined : parseJson(text)
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason
    if (signal.aborted)
      throw new ProviderError('provider.unreachable', { params: { reason: 'connect-timeout' } })
    throw networkError(error)
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ProviderError('provider.garbage', { params: { start: text.slice(0, 100) }, cause })
  }
}
