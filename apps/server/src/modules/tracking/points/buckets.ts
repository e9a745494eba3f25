import type { ChartQuery, ChartSeries, SeriesPoints } from '../points-store.types.ts'

/** Which bucket a place on the axis falls into. */
export function bucketAt(place: number, from: number, to: number, width: number): number {
  if (to <= from) return 0
  return Math.min(width - 1, Math.floor(((place - from) / (to - from)) * width))
}

export function emptySeries(key: string, raw: boolean): ChartSeries {
  return { key, step: [], time: [], min: [], max: [], mean: [], count: [], notFinite: 0, raw }
}

/** Points in range, bucket by bucket; each as it is where they are fewer than the buckets. */
export function bucketsOf(points: SeriesPoints, query: ChartQuery): ChartSeries {
  const x = query.x === 'step' ? points.step : points.time
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, width } = query
  const order = x
    .map((_, at) => at)
    .filter((at) => (x[at] ?? 0) >= from && (x[at] ?? 0) <= to)
    .toSorted((a, b) => (x[a] ?? 0) - (x[b] ?? 0))
  const raw = order.length <= width
  const out = emptySeries(points.key, raw)
  const low = x[order[0] ?? 0] ?? 0
  const high = x[order.at(-1) ?? 0] ?? 0
  let current = -1
  let sum = 0
  let finite = 0
  for (const [place, at] of order.entries()) {
    const bucket = raw ? place : bucketAt(x[at] ?? 0, low, high, width)
    if (bucket !== current) {
      current = bucket
      sum = finite = 0
      out.step.push(points.step[at] ?? 0)
      out.time.push(points.time[at] ?? 0)
      for (const list of [out.min, out.max, out.mean]) list.push(null)
      out.count.push(0)
    }
    const last = out.count.length - 1
    out.count[last] = (out.count[last] ?? 0) + 1
    const value = points.value[at] ?? null
    if (value === null) out.notFinite += 1
    else {
      sum += value
      finite += 1
      out.min[last] = Math.min(out.min[last] ?? value, value)
      out.max[last] = Math.max(out.max[last] ?? value, value)
      out.mean[last] = sum / finite
    }
  }
  return out
}
