/** How answer text is searched for reasoning tags. `assume-open`: the template has already opened the tag. */
export type ReasoningProfile = 'off' | 'at-start' | 'anywhere' | 'assume-open'

export type FinishReason =
  | 'stop'
  | 'length'
  | 'tool-calls'
  | 'content-filter'
  | 'error'
  | 'stopped'
  | 'unknown'

/** Values that fill the placeholders of a text in the catalogue. */
export type EventParams = Record<string, string | number | boolean>

/**
 * What an answer in the making says, in order. Blocks do not overlap, but for tool calls made side by
 * side: each `-start` is followed by its deltas and its `-end`. `reclassify` takes the place of a `text-end`: the text block that is open becomes reasoning and is closed.
 */
export type StreamEvent =
  | { type: 'reasoning-start' }
  | { type: 'reasoning-delta'; text: string }
  | {
      type: 'reasoning-end'
      durationMs: number
      /** The message ended inside the reasoning; the reader may want to see it as the answer. */
      unterminated?: boolean
      /** The provider's proof of origin, to be sent back unchanged. */
      signature?: string
      /** An encrypted block in place of readable reasoning, to be sent back unchanged. */
      redacted?: string
    }
  | { type: 'text-start' }
  | { type: 'text-delta'; text: string }
  | { type: 'text-end' }
  | { type: 'reclassify' }
  | { type: 'tool-call-start'; id: string; name: string }
  | { type: 'tool-call-delta'; id: string; text: string }
  | { type: 'tool-call-end'; id: string }
  | { type: 'warning'; code: string; params: EventParams }
  | {
      type: 'usage'
      inputTokens?: number
      /** Part of `inputTokens` that came from the provider's cache. */
      cachedInputTokens?: number
      /** Part of `outputTokens` that was spent on reasoning. */
      reasoningTokens?: number
      outputTokens?: number
    }
  | { type: 'error'; code: string; params: EventParams; retryable: boolean }
  | { type: 'finish'; reason: FinishReason }
