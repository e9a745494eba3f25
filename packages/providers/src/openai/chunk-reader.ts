import type { FinishReason } from '@anneal/contract'
import { SseJsonReader } from '../http/sse-reader.ts'
import { messageOf, safeMessage } from '../http/reply-error.ts'
import type { WireReader } from '../http/stream-call.ts'
import { asArray, asCount, asRecord, asString } from '../json.ts'
import type { JsonRecord } from '../json.ts'
import type { MessageAssembler } from '../message-assembler.ts'
import { ProviderError } from '../provider-error.ts'

const FINISH: Record<string, FinishReason> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  error: 'error',
  insufficient_system_resource: 'error',
}

const RETRYABLE = /overload|server_?error|internal|rate_?limit|timeout|unavailable|^(429|5\d\d)$/i

/** Reads the chunks of `/chat/completions` in all dialects, with their fields for reasoning. */
export class ChunkReader implements WireReader {
  finish: FinishReason | undefined
  done = false
  readonly #assembler: MessageAssembler
  readonly #apiKey: string | undefined
  readonly #sse = new SseJsonReader(
    (json) => this.#take(json),
    () => {
      this.done = true
    },
  )
  readonly #toolIds = new Map<number, string>()

  constructor(assembler: MessageAssembler, apiKey: string | undefined) {
    this.#assembler = assembler
    this.#apiKey = apiKey
  }

  feed(text: string): void {
    this.#sse.feed(text)
  }

  end(): void {
    this.#sse.end()
  }

  #take(json: JsonRecord): void {
    if (json.error || json.object === 'error') throw this.#streamError(json)
    const usage = asRecord(json.usage)
    if (usage !== undefined) this.#takeUsage(usage)
    const choice = asRecord(asArray(json.choices)[0])
    if (choice === undefined) return
    const delta = asRecord(choice.delta)
    if (delta !== undefined) this.#takeDelta(delta)
    const reason = asString(choice.finish_reason)
    if (!reason) return
    // Some servers say `stop` after tool calls too.
    const called = reason === 'stop' && this.#toolIds.size > 0
    this.finish = called ? 'tool-calls' : (FINISH[reason] ?? 'unknown')
  }

  #takeDelta(delta: JsonRecord): void {
    const reasoning =
      asString(delta.reasoning_content) || asString(delta.reasoning) || asString(delta.reasoning_text) || ''
    this.#assembler.reasoning(reasoning)
    if (delta.reasoning_details) this.#takeDetails(asArray(delta.reasoning_details), reasoning !== '')
    if (typeof delta.content === 'string') this.#assembler.text(delta.content)
    else if (delta.content) this.#takeParts(asArray(delta.content))
    if (typeof delta.refusal === 'string') this.#assembler.text(delta.refusal)
    if (delta.tool_calls) this.#takeToolCalls(asArray(delta.tool_calls))
  }

  /** OpenRouter's list. Its text repeats `reasoning` where both are sent. */
  #takeDetails(details: unknown[], alreadyTaken: boolean): void {
    for (const value of details) {
      const detail = asRecord(value)
      if (!alreadyTaken) this.#assembler.reasoning(asString(detail?.text) ?? asString(detail?.summary) ?? '')
      const signature = asString(detail?.signature)
      if (signature) this.#assembler.endReasoning({ signature })
      const data = asString(detail?.data)
      if (data) this.#assembler.redacted(data)
    }
  }

  /** Mistral's content as parts, with reasoning in parts of type `thinking`. */
  #takeParts(parts: unknown[]): void {
    for (const value of parts) {
      const part = asRecord(value)
      if (part?.type === 'thinking') {
        const inner = asString(part.thinking)
        const texts =
          inner === undefined ? asArray(part.thinking).map((each) => asString(asRecord(each)?.text)) : [inner]
        for (const text of texts) this.#assembler.reasoning(text ?? '')
      } else this.#assembler.text(asString(part?.text) ?? '')
    }
  }

  #takeToolCalls(calls: unknown[]): void {
    for (const [position, value] of calls.entries()) {
      const call = asRecord(value)
      const index = asCount(call?.index) ?? position
      const definition = asRecord(call?.function)
      let id = this.#toolIds.get(index)
      const sentId = asString(call?.id)
      if (id === undefined || (sentId && sentId !== id && definition?.name)) {
        id = sentId || `call-${this.#toolIds.size}`
        this.#toolIds.set(index, id)
        this.#assembler.startTool(id, asString(definition?.name) ?? '')
      }
      this.#assembler.toolText(id, asString(definition?.arguments) ?? '')
    }
  }

  #takeUsage(usage: JsonRecord): void {
    const cached = asRecord(usage.prompt_tokens_details)?.cached_tokens ?? usage.prompt_cache_hit_tokens
    this.#assembler.usage({
      inputTokens: asCount(usage.prompt_tokens),
      cachedInputTokens: asCount(cached),
      reasoningTokens: asCount(asRecord(usage.completion_tokens_details)?.reasoning_tokens),
      outputTokens: asCount(usage.completion_tokens),
    })
  }

  #streamError(json: JsonRecord): ProviderError {
    const error = asRecord(json.error)
    const kind = String(error?.code ?? error?.type ?? '')
    return new ProviderError('provider.stream-error', {
      params: { message: safeMessage(messageOf(json), this.#apiKey) },
      retryable: RETRYABLE.test(kind) || RETRYABLE.test(String(error?.type ?? '')),
    })
  }
}
