import type { FinishReason } from '@anneal/contract'
import type { MessageAssembler } from '../message-assembler.ts'
import type { StreamContext, TransportReply, TransportRequest } from '../provider.ts'
import { ProviderError } from '../provider-error.ts'
import { networkError } from './network-error.ts'
import { readBody, readStart } from './read-body.ts'
import { replyError } from './reply-error.ts'
import { watch } from './watchdog.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** The watchdog knows the true limit; the transport's own only has to come after it, and to fit in a timer. */
const HEADERS_GRACE_MS = 1000
const LONGEST_TIMER_MS = 2 ** 31 - 1
const ERROR_BODY_LIMIT = 65_536

/** Reads one wire format. `feed` and `end` throw a `ProviderError` for what they cannot read. */
export interface WireReader {
  /** Known as soon as the provider has said why it stopped. */
  finish: FinishReason | undefined
  /** The provider has said all; the body need not be read on. */
  done: boolean
  feed(text: string): void
  end(): void
}

export interface StreamCall {
  url: string
  headers: Record<string, string>
  body: unknown
  /** For error parameters, and to keep the key out of them. */
  requested: { apiKey?: string; model: string }
  reader: WireReader
  assembler: MessageAssembler
  context: StreamContext
}

/** Waits for the reply, but no longer than the signal allows, whatever the transport makes of it. */
const send = async (call: StreamCall, signal: AbortSignal): Promise<TransportReply> => {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  const options: TransportRequest = {
    method: 'POST',
    url: call.url,
    headers: call.headers,
    body: JSON.stringify(call.body),
    signal,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    headersTimeoutMs: Math.min(call.context.firstTokenTimeoutMs + HEADERS_GRACE_MS, LONGEST_TIMER_MS),
  }
  const request = call.context.transport.request(options)
  request.then(
    (reply) => signal.aborted && reply.body.destroy(),
    () => undefined,
  )
  try {
    return await Promise.race([request, aborted])
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw networkError(error)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

const readAnswer = async (call: StreamCall, signal: AbortSignal): Promise<void> => {
  const reply = await send(call, signal)
  if (reply.status < 200 || reply.status > 299) {
    const body = await readStart(reply.body, signal, ERROR_BODY_LIMIT)
    signal.throwIfAborted()
    throw replyError({ status: reply.status, headers: reply.headers, body }, call.requested)
  }
  const { reader } = call
  await readBody(reply.body, signal, (text) => {
    reader.feed(text)
    return reader.done
  })
  if (!reader.done) reader.end()
  if (reader.finish === undefined && !reader.done) throw new ProviderError('provider.cut-off')
}

/** One streamed call from request to `finish`: time limits, abort, and every failure as a `ProviderError`. */
export const streamCall = async (call: StreamCall): Promise<void> => {
  const { assembler, context, reader } = call
  /* One signal for both reasons; `AbortSignal.any` costs several times as much on every call. */
  const ending = new AbortController()
  const onAbort = (): void => ending.abort(context.signal.reason)
  if (context.signal.aborted) onAbort()
  else context.signal.addEventListener('abort', onAbort, { once: true })
  const stopWatching = watch(assembler, context, (kind) => {
    const code = kind === 'first-token' ? 'provider.first-token-timeout' : 'provider.stalled'
    const afterMs = kind === 'first-token' ? context.firstTokenTimeoutMs : context.idleTimeoutMs
    ending.abort(new ProviderError(code, { params: { afterMs, seconds: Math.round(afterMs / 100) / 10 } }))
  })
  try {
    await readAnswer(call, ending.signal)
  } catch (error) {
    // Once the provider has said why it stopped, only counts can be missing.
    if (reader.finish === undefined && !context.signal.aborted) {
      assembler.close()
      throw error
    }
  } finally {
    stopWatching()
    context.signal.removeEventListener('abort', onAbort)
  }
  // Its own word for a failure, in place of a reason for the end.
  if (reader.finish === 'error' && !context.signal.aborted) {
    assembler.close()
    throw new ProviderError('provider.gave-up')
  }
  assembler.finish(reader.finish ?? (context.signal.aborted ? 'stopped' : 'unknown'))
}
