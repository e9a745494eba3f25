import { type Platform, perPlatform } from '../../platform/context.ts'
import { type TimedCall, callCountsSince, callsSince } from './usage.repo.ts'

/** How a model did over a span of time. */
export interface CallFigures {
  /** All of the span. */
  calls: number
  failed: number
  /** Medians over the calls that went well. */
  firstTokenMs: number | null
  tokensPerSecond: number | null
  /** Median first token in each of equal parts of the span, oldest first; null where there was no call. */
  firstTokens: (number | null)[]
}

const parts = 24
/** The newest calls of a span that are looked at: enough for a median, and read in a moment. */
const mostCalls = 20_000
/** As old as the figures may be; one reading serves all who look. */
const freshMs = 20_000

interface Kept {
  at: number
  figures: Promise<ReadonlyMap<string, CallFigures>>
}
const cache = perPlatform(() => new Map<number, Kept>())

/** Figures of all models over the last hours, by the model's id. Whoever shows them leaves out what the asker may not see. */
export function callFigures(platform: Platform, hours: number): Promise<ReadonlyMap<string, CallFigures>> {
  const now = platform.clock.now()
  const kept = cache(platform).get(hours)
  if (kept && now - kept.at < freshMs) return kept.figures
  const spanMs = hours * 3_600_000
  const figures = readFigures(platform, now - spanMs, spanMs)
  cache(platform).set(hours, { at: now, figures })
  figures.catch(() => cache(platform).delete(hours))
  return figures
}

async function readFigures(
  platform: Platform,
  from: number,
  spanMs: number,
): Promise<ReadonlyMap<string, CallFigures>> {
  const { slow } = platform.db
  const [rows, counts] = await Promise.all([
    slow.all(callsSince, { started_at: from, limit: mostCalls }),
    slow.all(callCountsSince, { started_at: from }),
  ])
  const sampled = figuresOf(rows, from, spanMs)
  return new Map(
    counts.map(({ model_id, calls, failed }) => [
      model_id,
      { ...(sampled.get(model_id) ?? noFigures), calls: Number(calls), failed: Number(failed) },
    ]),
  )
}

const noFigures: CallFigures = {
  calls: 0,
  failed: 0,
  firstTokenMs: null,
  tokensPerSecond: null,
  firstTokens: Array.from({ length: parts }, () => null),
}

/** The figures of each model among calls that began at `from` or within `spanMs` after it. */
export function figuresOf(
  rows: readonly TimedCall[],
  from: number,
  spanMs: number,
): ReadonlyMap<string, CallFigures> {
  const byModel = Map.groupBy(
    rows.filter((row) => row.model_id !== null),
    (row) => row.model_id ?? '',
  )
  return new Map([...byModel].map(([id, calls]) => [id, figuresOfOne(calls, from, spanMs)]))
}

function figuresOfOne(calls: readonly TimedCall[], from: number, spanMs: number): CallFigures {
  const well = calls.filter((call) => call.outcome === 'finished')
  const byPart = Map.groupBy(well, (call) =>
    Math.min(parts - 1, Math.max(0, Math.floor(((call.started_at - from) / spanMs) * parts))),
  )
  return {
    calls: calls.length,
    failed: calls.filter((call) => call.outcome === 'failed').length,
    firstTokenMs: median(well.map((call) => call.first_token_ms)),
    tokensPerSecond: median(well.map(speedOf)),
    firstTokens: Array.from({ length: parts }, (_, part) =>
      median((byPart.get(part) ?? []).map((call) => call.first_token_ms)),
    ),
  }
}

function speedOf(call: TimedCall): number | null {
  const { output_tokens: tokens, duration_ms: durationMs, first_token_ms: firstTokenMs } = call
  if (tokens === null || durationMs === null || firstTokenMs === null || tokens < 2) return null
  const writingMs = durationMs - firstTokenMs
  return writingMs < 20 ? null : Math.round((tokens / writingMs) * 10_000) / 10
}

function median(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).toSorted((a, b) => a - b)
  const middle = known[Math.floor(known.length / 2)]
  if (middle === undefined) return null
  const below = known[Math.floor((known.length - 1) / 2)] ?? middle
  return (middle + below) / 2
}
