import type { FinishReason } from '@anneal/contract'
import { messageOf, safeMessage } from '../http/reply-error.ts'
import { SseJsonReader } from '../http/sse-reader.ts'
import type { WireReader } from '../http/stream-call.ts'
import { asCount, asRecord, asString } from '../json.ts'
import type { JsonRecord } from '../json.ts'
import type { MessageAssembler } from '../message-assembler.ts'
import { ProviderError } from '../provider-error.ts'

const FINISH: Record<string, FinishReason> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
}

/** Reads the events of `/v1/messages`; unknown ones, and `ping`, are passed over. */
export class EventReader implements WireReader {
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
  #tool: string | undefined
  #signature = ''
  #inputTokens: number | undefined
  #cacheWritten = 0
  #cacheRead: number | undefined

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
    switch (json.type) {
      case 'message_start':
        return this.#takeUsage(asRecord(asRecord(json.message)?.usage))
      case 'content_block_start':
        return this.#startBlock(asRecord(json.content_block) ?? {})
      case 'content_block_delta':
        return this.#takeDelta(asRecord(json.delta) ?? {})
      case 'content_block_stop':
        return this.#stopBlock()
      case 'message_delta': {
        const reason = asString(asRecord(json.delta)?.stop_reason)
        if (reason) this.finish = FINISH[reason] ?? 'unknown'
        return this.#takeUsage(asRecord(json.usage))
      }
      case 'message_stop':
        this.done = true
        return
      case 'error':
        throw this.#streamError(json)
    }
  }

  #startBlock(block: JsonRecord): void {
    this.#signature = ''
    if (block.type === 'text') this.#assembler.text(asString(block.text) ?? '')
    else if (block.type === 'thinking') this.#assembler.reasoning(asString(block.thinking) ?? '')
    else if (block.type === 'redacted_thinking') this.#assembler.redacted(asString(block.data) ?? '')
    else if (block.type === 'tool_use') {
      this.#tool = asString(block.id) ?? ''
      this.#assembler.startTool(this.#tool, asString(block.name) ?? '')
    }
  }

  #takeDelta(delta: JsonRecord): void {
    if (delta.type === 'text_delta') this.#assembler.text(asString(delta.text) ?? '')
    else if (delta.type === 'thinking_delta') this.#assembler.reasoning(asString(delta.thinking) ?? '')
    else if (delta.type === 'signature_delta') this.#signature += asString(delta.signature) ?? ''
    else if (delta.type === 'input_json_delta' && this.#tool !== undefined) {
      this.#assembler.toolText(this.#tool, asString(delta.partial_json) ?? '')
    }
  }

  #stopBlock(): void {
    if (this.#tool !== undefined) this.#assembler.endTool(this.#tool)
    this.#tool = undefined
    this.#assembler.endReasoning(this.#signature === '' ? {} : { signature: this.#signature })
  }

  /** Anthropic counts tokens read from and written to its cache apart; input means all three. */
  #takeUsage(usage: JsonRecord | undefined): void {
    this.#inputTokens = asCount(usage?.input_tokens) ?? this.#inputTokens
    this.#cacheRead = asCount(usage?.cache_read_input_tokens) ?? this.#cacheRead
    this.#cacheWritten = asCount(usage?.cache_creation_input_tokens) ?? this.#cacheWritten
    const inputTokens =
      this.#inputTokens === undefined
        ? undefined
        : this.#inputTokens + (this.#cacheRead ?? 0) + this.#cacheWritten
    this.#assembler.usage({
      inputTokens,
      cachedInputTokens: this.#cacheRead,
      outputTokens: asCount(usage?.output_tokens),
    })
  }

  #streamError(json: JsonRecord): ProviderError {
    const type = asString(asRecord(json.error)?.type) ?? ''
    const message = safeMessage(messageOf(json), this.#apiKey)
    if (type === 'overloaded_error') return new ProviderError('provider.overloaded', { params: { message } })
    const retryable = type === 'api_error' || type === 'rate_limit_error' || type === 'timeout_error'
    return new ProviderError('provider.stream-error', { params: { message }, retryable })
  }
}
