import type { ScriptedReply } from './script.ts'

export type StandInKind = 'openai' | 'deepseek' | 'transformers-serve' | 'anthropic' | 'ollama'

/** One reply in a provider's wire format, cut where the provider would write. */
export interface WireReply {
  contentType: string
  /** Written at once, before the first token. */
  head: string[]
  /** One per token. */
  tokens: string[]
  /** Says why it stopped, counts, and the end. */
  tail: string[]
}

export interface WireRequest {
  id: string
  model: string
  /** The caller asked for counts (OpenAI's `stream_options.include_usage`). */
  wantsUsage: boolean
}

/** What a provider answers in place of a stream, or in the midst of it. */
export interface WireFailure {
  status: number
  body: string
}

export interface WireFormat {
  chatPath: string
  modelsPath: string
  write(reply: ScriptedReply, request: WireRequest): WireReply
  models(ids: string[]): unknown
  failure(status: number, model: string): WireFailure
  /** An error event in the midst of a stream. */
  errorEvent: string
  /** Where the key is looked for, if one is asked for. */
  keyOf(headers: Record<string, string | string[] | undefined>): string | undefined
}

export const bearerOf = (headers: Record<string, string | string[] | undefined>): string | undefined => {
  const value = headers.authorization
  return typeof value === 'string' ? value.replace(/^Bearer /, '') : undefined
}
