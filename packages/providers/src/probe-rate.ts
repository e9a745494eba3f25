export type Rate = {
  tokensPerSecond?: number
  outputTokens?: number
  inputTokens?: number
  /** `usage`: the provider's own count. `pieces`: it gave none, so what arrived was counted. */
  counted: 'usage' | 'pieces'
  pieces: number
}

const MIN_DURATION_MS = 20

/**
 * How fast tokens came once they had begun. The first piece only starts the clock: its share of the tokens is left
 * out, as are tokens of reasoning that was not shown. No rate is given for fewer than three pieces or less than 20 ms, where it would say nothing.
 */
export const rateOf = (
  arrivals: number[],
  usage: { inputTokens?: number; outputTokens?: number } | undefined,
  hiddenTokens: number,
): Rate => {
  const pieces = arrivals.length
  const outputTokens = usage?.outputTokens
  const rate: Rate = {
    counted: outputTokens === undefined ? 'pieces' : 'usage',
    pieces,
    ...(outputTokens !== undefined && { outputTokens }),
    ...(usage?.inputTokens !== undefined && { inputTokens: usage.inputTokens }),
  }
  const durationMs = (arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)
  if (pieces < 3 || durationMs < MIN_DURATION_MS) return rate
  const shown = outputTokens === undefined ? pieces : Math.max(0, outputTokens - hiddenTokens)
  const tokens = (shown * (pieces - 1)) / pieces
  return { ...rate, tokensPerSecond: Math.round((tokens / durationMs) * 10_000) / 10 }
}
