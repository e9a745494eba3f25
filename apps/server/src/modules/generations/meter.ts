import type { StreamEvent } from '@anneal/contract'

/** The figures under an answer; milliseconds, tokens as the provider says. */
export interface Meter {
  firstTokenMs: number | null
  durationMs: number | null
  reasoningMs: number | null
  tokensPerSecond: number | null
  inputTokens: number | null
  cachedInputTokens: number | null
  reasoningTokens: number | null
  outputTokens: number | null
  /** Millionths of `currency`; known at the end alone. */
  costMicros: number | null
  currency: string | null
}

export const emptyMeter: Meter = {
  firstTokenMs: null,
  durationMs: null,
  reasoningMs: null,
  tokensPerSecond: null,
  inputTokens: null,
  cachedInputTokens: null,
  reasoningTokens: null,
  outputTokens: null,
  costMicros: null,
  currency: null,
}

/** A stored meter; one from before there were prices says nothing of cost. */
export function meterOf(stored: string | null | undefined): Meter {
  return { ...emptyMeter, ...(stored ? (JSON.parse(stored) as Partial<Meter>) : {}) }
}

/** Below it a speed would say more of the clock than of the model. */
const leastWritingMs = 20

/** Takes times and token counts from an answer's events. */
export class MeterReader {
  private readonly meter: Meter = { ...emptyMeter }
  private readonly startedAt: number
  /** Pieces that came, to tell writing from arriving all at once. */
  private pieces = 0

  /** `startedAt` in Unix milliseconds. */
  constructor(startedAt: number) {
    this.startedAt = startedAt
  }

  add(event: StreamEvent, now: number): void {
    const { meter } = this
    switch (event.type) {
      case 'reasoning-delta':
      case 'text-delta':
      case 'tool-call-start':
        this.pieces += 1
        if (meter.firstTokenMs === null) meter.firstTokenMs = now - this.startedAt
        return
      case 'reasoning-end':
        meter.reasoningMs = (meter.reasoningMs ?? 0) + event.durationMs
        return
      case 'usage':
        meter.inputTokens = event.inputTokens ?? meter.inputTokens
        meter.cachedInputTokens = event.cachedInputTokens ?? meter.cachedInputTokens
        meter.reasoningTokens = event.reasoningTokens ?? meter.reasoningTokens
        meter.outputTokens = event.outputTokens ?? meter.outputTokens
    }
  }

  read(now: number): Meter {
    const { meter } = this
    const durationMs = now - this.startedAt
    const writingMs = meter.firstTokenMs === null ? 0 : durationMs - meter.firstTokenMs
    const tokensPerSecond =
      meter.outputTokens !== null && meter.outputTokens > 1 && this.pieces > 1 && writingMs >= leastWritingMs
        ? Math.round((meter.outputTokens / writingMs) * 1e4) / 10
        : null
    return { ...meter, durationMs, tokensPerSecond }
  }
}
