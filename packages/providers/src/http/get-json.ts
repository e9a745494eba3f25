import type { CallContext, TransportReply } from '../provider.ts'
import { ProviderError } from '../provider-error.ts'
import { networkError } from './network-error.ts'
import { readBody, readStart } from './read-body.ts'
import { replyError } from './reply-error.ts'

const TIMEOUT_MS = 15_000
const CONNECT_TIMEOUT_MS = 10_000
const BODY_LIMIT = 8 * 1024 * 1024

export interface GetOptions {
  url: string
  headers: Record<string, string>
  apiKey?: string | undefined
  /** Called when the head of any reply is there, before its status is judged. */
  onReply?: ((reply: TransportReply) => void) | undefined
}

/** One small JSON document. Rejects with a `ProviderError`, or with the signal's reason when it was aborted. */
export const getJson = async (options: GetOptions, context: CallContext): Promise<unknown> => {
  const { url, headers, apiKey, onReply } = options
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(TIMEOUT_MS)])
  try {
    const reply = await context.transport.request({
      method: 'GET',
      url,
      headers,
      signal,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      headersTimeoutMs: TIMEOUT_MS,
    })
    onReply?.(reply)
    if (reply.status < 200 || reply.status > 299) {
      const body = await readStart(reply.body, signal, 65_536)
      throw replyError({ status: reply.status, headers: reply.headers, body }, { ...(apiKey && { apiKey }) })
    }
    let text = ''
    await readBody(reply.body, signal, (chunk) => {
      text += chunk
      if (text.length > BODY_LIMIT) throw new ProviderError('provider.garbage')
      return false
    })
    return parseJson(text)
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
