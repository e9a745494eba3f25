import type { RouteReply } from '@anneal/contract'
import { bucketTime, type Figures } from './quarters.queries.ts'

export type UsageReport = RouteReply<'usage.report'>
export type UsageGroup = UsageReport['groups']['model'][number]
export type UsageTotals = UsageReport['totals']
type Sums = Omit<UsageGroup, 'key' | 'name'> & { unpriced: number }

export const noSums = (): Sums => ({
  requests: 0,
  errors: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  reasoningTokens: 0,
  outputTokens: 0,
  costs: [],
  unpriced: 0,
})

/** Adds the figures of one row, whose cost is in `currency`. */
export function addFigures(sums: Sums, row: Figures & { currency: string | null }): void {
  sums.requests += row.requests
  sums.errors += row.errors
  sums.unpriced += row.unpriced
  sums.inputTokens += row.input_tokens
  sums.cachedInputTokens += row.cached_input_tokens
  sums.reasoningTokens += row.reasoning_tokens
  sums.outputTokens += row.output_tokens
  if (row.currency === null) return
  const cost = sums.costs.find((one) => one.currency === row.currency)
  if (cost) cost.micros += row.cost_micros
  else sums.costs.push({ currency: row.currency, micros: row.cost_micros })
}

const dearest = (sums: Sums) => Math.max(0, ...sums.costs.map((cost) => cost.micros))

interface Named extends Sums {
  key: string | null
  name: string | null
}

/** Sums by key. */
export class Groups {
  private readonly byKey = new Map<string | null, Named>()

  add(key: string | null, name: string | null, row: Figures & { currency: string | null }): void {
    let sums = this.byKey.get(key)
    if (!sums) this.byKey.set(key, (sums = { key, name, ...noSums() }))
    addFigures(sums, row)
  }

  /** The dearest first, then those asked most. */
  sorted(): Named[] {
    return [...this.byKey.values()].toSorted(
      (a, b) =>
        dearest(b) - dearest(a) || b.requests - a.requests || (a.key ?? '').localeCompare(b.key ?? ''),
    )
  }
}

/** The middle of first tokens counted by bucket; null where there are none. */
export function medianFirstToken(buckets: readonly { bucket: number; calls: number }[]): number | null {
  const sorted = buckets.toSorted((a, b) => a.bucket - b.bucket)
  const half = sorted.reduce((sum, { calls }) => sum + calls, 0) / 2
  let seen = 0
  for (const { bucket, calls } of sorted) {
    seen += calls
    if (seen >= half && calls > 0) return Math.round(bucketTime(bucket))
  }
  return null
}
