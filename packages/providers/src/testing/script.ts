/** What a stand-in says in answer to one chat request. */
export interface ScriptedReply {
  reasoning?: string
  text?: string
  toolCalls?: { id: string; name: string; arguments: string }[]
  /** Put in the provider's own words; else `stop`, or the word for tool calls. */
  finishReason?: string
  /** Counts to report; by default the number of pieces sent. */
  usage?: { inputTokens: number; outputTokens: number; reasoningTokens?: number; cachedInputTokens?: number }
  /** Anthropic: the proof that follows the reasoning, and an encrypted block after it. */
  signature?: string
  redacted?: string
  /** A recorded body, sent as it stands in place of all the above. */
  raw?: string
}

/** What the stand-in understood of a request. */
export interface StandInChat {
  model: string
  /** The text of the last user message. */
  prompt: string
  body: Record<string, unknown>
}

/** Cuts text into pieces of the size of a token, each with the white space before it. */
export const tokenize = (text: string): string[] => text.match(/\s*[^\s]{1,6}|\s+$/gu) ?? []

export const defaultReply = ({ prompt }: StandInChat): ScriptedReply => ({
  reasoning: 'The question is short. I repeat it and add a list, so that there is something to read.',
  text: `You asked: ${prompt}\n\n- first point\n- second point\n\nThat is all.`,
})

/** A generator of numbers in [0, 1) that a seed makes repeatable (mulberry32). */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
