export interface CallPrice {
  /** ISO 4217. */
  currency: string
  /** Millionths of the currency for a million tokens. */
  inputMicros: number
  /** Null: as dear as other input. */
  cachedInputMicros: number | null
  outputMicros: number
}

export interface CallTokens {
  inputTokens: number | null
  /** Part of the input. */
  cachedInputTokens: number | null
  /** Reasoning included. */
  outputTokens: number | null
}

export interface Cost {
  costMicros: number | null
  currency: string | null
}

const million = 1_000_000n
export const noCost: Cost = { costMicros: null, currency: null }

/**
 * What a call costs, in millionths of its currency, rounded half up once. Without a price or without any count there
 * is none: an unknown cost is not a cost of nothing.
 */
export function callCost(price: CallPrice | null, tokens: CallTokens): Cost {
  if (price === null) return noCost
  if (tokens.inputTokens === null && tokens.outputTokens === null) return noCost
  const input = BigInt(tokens.inputTokens ?? 0)
  const said = BigInt(tokens.cachedInputTokens ?? 0)
  /* A provider that counts its cache apart from its input would make the rest negative. */
  const cached = said > input ? input : said
  const total =
    (input - cached) * BigInt(price.inputMicros) +
    cached * BigInt(price.cachedInputMicros ?? price.inputMicros) +
    BigInt(tokens.outputTokens ?? 0) * BigInt(price.outputMicros)
  const micros = (total + million / 2n) / million
  /* Beyond it a number is no longer exact; no call comes near. */
  const largest = BigInt(Number.MAX_SAFE_INTEGER)
  return { costMicros: Number(micros > largest ? largest : micros), currency: price.currency }
}
