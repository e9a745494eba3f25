import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { ApiError, asApiError, call, callOpen } from '../../../app/api.ts'
import type { MeterFigures } from '../../../ui/answer/AnswerMeter.vue'
import { type Chunk, type Usage, readChunks } from './read-chunks.ts'

/** What the gateway answered in mid-stream, as any other failure is shown. */
function streamError({ error }: Chunk, requestId: string): ApiError {
  return new ApiError({ code: error?.code ?? 'ui.unknown', title: error?.message ?? '', requestId })
}

/** Runs one call through the gateway from this page, as the signed-in person; a new run ends the one before. */
export function useTryRun() {
  const state = ref<'none' | 'running' | 'done' | 'failed'>('none')
  const reasoning = ref('')
  const text = ref('')
  const vector = shallowRef<number[] | null>(null)
  const error = shallowRef<ApiError | null>(null)
  const requestId = ref('')
  const reasoningSince = ref<number | null>(null)
  const reasoningMs = ref<number | null>(null)
  const firstTokenMs = ref<number | null>(null)
  const durationMs = ref<number | null>(null)
  const usage = shallowRef<Usage | null>(null)
  let abort: AbortController | null = null
  let startedAt = 0

  function reset(): void {
    reasoning.value = text.value = requestId.value = ''
    vector.value = usage.value = error.value = null
    reasoningSince.value = reasoningMs.value = firstTokenMs.value = durationMs.value = null
  }

  function take(chunk: Chunk): void {
    if (chunk.error) throw streamError(chunk, requestId.value)
    usage.value = chunk.usage ?? usage.value
    const delta = chunk.choices?.[0]?.delta
    if (!delta?.content && !delta?.reasoning_content) return
    firstTokenMs.value ??= performance.now() - startedAt
    if (delta.reasoning_content) {
      reasoningSince.value ??= Date.now()
      reasoning.value += delta.reasoning_content
    }
    if (!delta.content) return
    if (reasoningSince.value !== null) reasoningMs.value ??= Date.now() - reasoningSince.value
    text.value += delta.content
  }

  async function chat(model: string, question: string, signal: AbortSignal): Promise<void> {
    const messages = [{ role: 'user' as const, content: question }]
    const body = { model, messages, stream: true, stream_options: { include_usage: true } }
    const response = await callOpen('gateway.chat', { body, signal })
    requestId.value = response.headers.get('x-request-id') ?? ''
    await readChunks(response, take)
  }

  async function embed(model: string, input: string, signal: AbortSignal): Promise<void> {
    const reply = await call('gateway.embeddings', { body: { model, input }, signal })
    const [first] = reply.data
    vector.value = Array.isArray(first?.embedding) ? first.embedding : []
  }

  async function run(model: string, kind: 'chat' | 'embedding', question: string): Promise<void> {
    abort?.abort()
    const own = new AbortController()
    abort = own
    reset()
    state.value = 'running'
    startedAt = performance.now()
    try {
      await (kind === 'chat' ? chat : embed)(model, question, own.signal)
      if (abort === own) state.value = 'done'
    } catch (cause) {
      if (abort !== own) return
      state.value = own.signal.aborted ? 'done' : 'failed'
      if (!own.signal.aborted) error.value = asApiError(cause)
    }
    if (abort === own) durationMs.value = performance.now() - startedAt
  }

  const parts = computed(() => [
    ...(reasoning.value
      ? [{ type: 'reasoning' as const, text: reasoning.value, durationMs: reasoningMs.value }]
      : []),
    ...(text.value ? [{ type: 'text' as const, text: text.value }] : []),
  ])
  const meter = computed<MeterFigures>(() => ({
    firstTokenMs: firstTokenMs.value,
    durationMs: durationMs.value,
    tokensPerSecond: null,
    inputTokens: usage.value?.prompt_tokens ?? null,
    cachedInputTokens: usage.value?.prompt_tokens_details?.cached_tokens ?? null,
    reasoningTokens: usage.value?.completion_tokens_details?.reasoning_tokens ?? null,
    outputTokens: usage.value?.completion_tokens ?? null,
    costMicros: null,
    currency: null,
  }))
  const stop = (): void => abort?.abort()
  onScopeDispose(stop)
  return { run, stop, state, parts, vector, error, requestId, reasoningSince, meter }
}
