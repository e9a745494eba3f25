import type { PointsStore } from '../../points-store.ts'

/** Points of a curve in columns of equal length; those that are no finite number are left out. */
export interface Curve {
  step: number[]
  value: number[]
  /** Unix milliseconds. */
  time: number[]
}

const perRead = 50_000

/** A series from its beginning, in pages: nobody waits for the whole of it. */
export async function* pagesOf(
  store: Pick<PointsStore, 'range'>,
  runId: string,
  key: string,
): AsyncGenerator<{ step: number[]; value: (number | null)[]; time: number[] }> {
  for (let from = Number.MIN_SAFE_INTEGER; ;) {
    const page = await store.range(runId, key, from, perRead)
    const last = page.step.at(-1)
    if (last === undefined) return
    yield page
    if (page.step.length < perRead) return
    from = last + 1
  }
}

/** All finite points of a series. */
export async function finiteCurve(
  store: Pick<PointsStore, 'range'>,
  runId: string,
  key: string,
): Promise<Curve> {
  const curve: Curve = { step: [], value: [], time: [] }
  for await (const page of pagesOf(store, runId, key)) {
    page.value.forEach((value, at) => {
      if (value === null || !Number.isFinite(value)) return
      curve.step.push(page.step[at] ?? 0)
      curve.value.push(value)
      curve.time.push(page.time[at] ?? 0)
    })
  }
  return curve
}

/**
 * Chooses `most` of the points that draw the same line, by largest triangles: the first, the last, and of each bucket
 * between them the one that stands out most from its neighbours. Gives their places.
 */
export function standingOut(x: readonly number[], y: readonly number[], most: number): number[] {
  const count = x.length
  if (count <= most || most < 3)
    return Array.from({ length: Math.min(count, Math.max(most, 0)) }, (_, at) => at)
  const chosen = [0]
  const width = (count - 2) / (most - 2)
  for (let bucket = 0; bucket < most - 2; bucket++) {
    const from = Math.floor(bucket * width) + 1
    const to = Math.floor((bucket + 1) * width) + 1
    const next = Math.min(Math.floor((bucket + 2) * width) + 1, count)
    let [meanX, meanY] = [0, 0]
    for (let at = to; at < next; at++) {
      meanX += x[at] ?? 0
      meanY += y[at] ?? 0
    }
    const others = Math.max(1, next - to)
    meanX /= others
    meanY /= others
    const last = chosen.at(-1) ?? 0
    const [lastX, lastY] = [x[last] ?? 0, y[last] ?? 0]
    let best = from
    let largest = -1
    for (let at = from; at < to; at++) {
      const area = Math.abs(
        (lastX - meanX) * ((y[at] ?? 0) - lastY) - (lastX - (x[at] ?? 0)) * (meanY - lastY),
      )
      if (area > largest) {
        largest = area
        best = at
      }
    }
    chosen.push(best)
  }
  chosen.push(count - 1)
  return chosen
}

export interface Statistics {
  /** Places in the curve. */
  min: number
  max: number
  latest: number
  avg: number
  median: number
  stdDev: number
}

/** Null for a curve without points. */
export function statisticsOf({ value }: Curve): Statistics | null {
  const count = value.length
  if (count === 0) return null
  let [min, max, sum] = [0, 0, 0]
  value.forEach((one, at) => {
    if (one < (value[min] ?? 0)) min = at
    if (one > (value[max] ?? 0)) max = at
    sum += one
  })
  const avg = sum / count
  const squares = value.reduce((all, one) => all + (one - avg) ** 2, 0)
  const sorted = Float64Array.from(value).sort()
  const middle = count >> 1
  const median =
    count % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
  return { min, max, latest: count - 1, avg, median, stdDev: Math.sqrt(squares / count) }
}
