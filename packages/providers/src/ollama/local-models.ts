import { rootBaseUrl } from '../http/base-url.ts'
import { networkError } from '../http/network-error.ts'
import { readBody, readStart } from '../http/read-body.ts'
import { replyError, safeMessage } from '../http/reply-error.ts'
import { requestJson } from '../http/request-json.ts'
import { asArray, asRecord, asString } from '../json.ts'
import type { CallContext, Connection } from '../provider.ts'
import { ProviderError } from '../provider-error.ts'
import { headersFor } from './headers.ts'

export interface LocalModel {
  name: string
  sizeBytes: number | undefined
  /** Like `8.2B`. */
  parameterSize: string | undefined
  /** Like `Q4_K_M`. */
  quantization: string | undefined
  /** As the server writes it. */
  changedAt: string | undefined
}

/** How far a pull is; bytes are of all layers seen so far. */
export interface PullProgress {
  /** In Ollama's words. */
  phase: string
  completedBytes: number | undefined
  totalBytes: number | undefined
}

const CONNECT_TIMEOUT_MS = 10_000
/** It asks its registry before it answers at all. */
const PULL_ANSWER_TIMEOUT_MS = 120_000
const DELETE_TIMEOUT_MS = 60_000
const LINE_LIMIT = 1024 * 1024

const bytes = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined

/** What lies on an Ollama server. */
export const listLocalModels = async (
  connection: Connection,
  context: CallContext,
): Promise<LocalModel[]> => {
  const url = `${rootBaseUrl(connection.baseUrl)}/api/tags`
  const json = await requestJson({ url, headers: headersFor(connection), apiKey: connection.apiKey }, context)
  return asArray(asRecord(json)?.models).flatMap((value) => {
    const model = asRecord(value)
    const name = asString(model?.name) ?? asString(model?.model)
    if (name === undefined) return []
    const details = asRecord(model?.details)
    return [
      {
        name,
        sizeBytes: bytes(model?.size),
        parameterSize: asString(details?.parameter_size) || undefined,
        quantization: asString(details?.quantization_level) || undefined,
        changedAt: asString(model?.modified_at),
      },
    ]
  })
}

/** Deletes a model with its files. */
export const deleteLocalModel = async (
  connection: Connection,
  name: string,
  context: CallContext,
): Promise<void> => {
  await requestJson(
    {
      method: 'DELETE',
      url: `${rootBaseUrl(connection.baseUrl)}/api/delete`,
      headers: headersFor(connection),
      apiKey: connection.apiKey,
      body: { model: name },
      model: name,
      timeoutMs: DELETE_TIMEOUT_MS,
    },
    context,
  )
}

/** Sums the layers of a pull: each is told of apart, by its digest. */
class PullReader {
  done = false
  readonly #layers = new Map<string, { completed: number; total: number }>()
  readonly #apiKey: string | undefined
  readonly #onProgress: (progress: PullProgress) => void
  #rest = ''

  constructor(apiKey: string | undefined, onProgress: (progress: PullProgress) => void) {
    this.#apiKey = apiKey
    this.#onProgress = onProgress
  }

  feed(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > LINE_LIMIT) throw new ProviderError('provider.garbage')
    for (const line of lines) if (line.trim() !== '') this.#take(line)
  }

  end(): void {
    if (this.#rest.trim() !== '') this.#take(this.#rest)
    if (!this.done) throw new ProviderError('provider.cut-off', { params: { reason: 'closed' } })
  }

  #take(line: string): void {
    let json
    try {
      json = asRecord(JSON.parse(line))
    } catch (cause) {
      throw new ProviderError('provider.garbage', { params: { start: line.slice(0, 100) }, cause })
    }
    const error = asString(json?.error)
    if (error !== undefined) throw pullError(error, this.#apiKey)
    const phase = asString(json?.status) ?? ''
    if (phase === 'success') this.done = true
    const digest = asString(json?.digest)
    const total = bytes(json?.total)
    if (digest !== undefined && total !== undefined) {
      this.#layers.set(digest, { completed: bytes(json?.completed) ?? 0, total })
    }
    const layers = [...this.#layers.values()]
    const known = layers.length > 0
    this.#onProgress({
      phase,
      completedBytes: known ? layers.reduce((sum, layer) => sum + layer.completed, 0) : undefined,
      totalBytes: known ? layers.reduce((sum, layer) => sum + layer.total, 0) : undefined,
    })
  }
}

/** A registry without such a model is told apart from any other failure. */
const pullError = (message: string, apiKey: string | undefined): ProviderError => {
  const params = { message: safeMessage(message, apiKey) }
  return /not found|does not exist|file does not exist/i.test(message)
    ? new ProviderError('provider.model-not-found', { params })
    : new ProviderError('provider.stream-error', { params, retryable: true })
}

/**
 * Brings a model to an Ollama server; what a broken pull had brought is not brought again. Rejects with a
 * `ProviderError`, or with the signal's reason when it was aborted.
 */
export const pullModel = async (
  connection: Connection,
  name: string,
  context: CallContext & { onProgress(progress: PullProgress): void },
): Promise<void> => {
  const { signal, transport, onProgress } = context
  const { apiKey } = connection
  try {
    const reply = await transport.request({
      method: 'POST',
      url: `${rootBaseUrl(connection.baseUrl)}/api/pull`,
      headers: headersFor(connection),
      body: JSON.stringify({ model: name, stream: true }),
      signal,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      headersTimeoutMs: PULL_ANSWER_TIMEOUT_MS,
    })
    if (reply.status < 200 || reply.status > 299) {
      const body = await readStart(reply.body, signal, 65_536)
      const error = { status: reply.status, headers: reply.headers, body }
      throw replyError(error, { ...(apiKey && { apiKey }), model: name })
    }
    const reader = new PullReader(apiKey, onProgress)
    await readBody(reply.body, signal, (text) => {
      reader.feed(text)
      return reader.done
    })
    if (!reader.done) reader.end()
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const failure = networkError(error)
    if (failure.code === 'provider.model-not-found' && failure.params.model === undefined) {
      throw new ProviderError(failure.code, { params: { ...failure.params, model: name }, cause: error })
    }
    throw failure
  }
}
