import type { Reader } from '../../../platform/db/index.ts'
import type { ChartQuery, ChartSeries } from '../points-store.types.ts'
import { Buckets, rawSeries } from './buckets.ts'
import { decodeChunk } from './codec.ts'
import { type Columns, columnsOf, concat, inOrder, placeOf, slice } from './columns.ts'
import { type ChunkSums, chunkBegin, chunksOf, dataOf, summariesOf } from './chunks.repo.ts'
import { type SeriesRow } from './points.repo.ts'
import { readTail } from './read-points.ts'
import { eachSummary, subBlock } from './summary.ts'
import { chunkPoints } from './write-series.ts'

const lowest = -(2 ** 53)
const highest = 2 ** 53
/** Points decoded for one curve at most: beyond that their sub-blocks are drawn, of which there are enough. */
const mostDecoded = 128_000
/** Beyond so many, sub-blocks draw the curve as soon as there is one for every second bucket. */
const manyDecoded = 32_000

interface Found {
  chunks: ChunkSums[]
  tail: Columns | null
  /** The range drawn, in the unit of the axis. */
  from: number
  to: number
}

/** What of a series lies in the range, before any point of it is read. */
async function find(reader: Reader, row: SeriesRow, query: ChartQuery): Promise<Found> {
  const { from = lowest, to = highest, x } = query
  /* The tail first: what is sealed in between is met twice, and then once again left out; never missed. */
  const tail = await readTail(reader, row.id)
  const step = x === 'step'
  const begin =
    step && query.from !== undefined ? await reader.first(chunkBegin, place(row, from)) : undefined
  const range = { series_id: row.id, from: begin?.first_step ?? lowest, to: step ? clamp(to) : highest }
  const all = await reader.all(chunksOf, range)
  const chunks = all.filter((chunk) =>
    step ? chunk.last_step >= from : chunk.max_time >= from && chunk.min_time <= to,
  )
  const newest = all.at(-1)?.last_step ?? Number.NEGATIVE_INFINITY
  const inside = tail && within(tail, { x, from, to }, newest)
  return { chunks, tail: inside, ...bounds(chunks, inside, query) }
}

const clamp = (step: number) => Math.max(lowest, Math.min(highest, Math.floor(step)))
const place = (row: SeriesRow, step: number) => ({ series_id: row.id, step: clamp(step) })

function bounds(chunks: readonly ChunkSums[], tail: Columns | null, query: ChartQuery) {
  const x = tail ? tail[query.x] : new Float64Array()
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const one of x) {
    if (one < low) low = one
    if (one > high) high = one
  }
  for (const chunk of chunks) {
    low = Math.min(low, query.x === 'step' ? chunk.first_step : chunk.min_time)
    high = Math.max(high, query.x === 'step' ? chunk.last_step : chunk.max_time)
  }
  return { from: query.from ?? low, to: query.to ?? high }
}

interface Range {
  x: 'step' | 'time'
  from: number
  to: number
}

/** Points within the range of the axis and beyond a step; null for none. */
function within(columns: Columns, { x, from, to }: Range, beyond = Number.NEGATIVE_INFINITY): Columns | null {
  const { step, time } = columns
  const first = Math.max(placeOf(step, beyond, true), x === 'step' ? placeOf(step, from) : 0)
  const end = x === 'step' ? placeOf(step, to, true) : step.length
  if (first >= end) return null
  const rest = slice(columns, first, end)
  if (x === 'step' || rest.time.every((one) => one >= from && one <= to)) return rest
  const places = Array.from(time.keys()).filter((at) => at >= first && (time[at] as number) >= from)
  const kept = places.filter((at) => (time[at] as number) <= to)
  return kept.length === 0 ? null : concat(kept.map((at) => slice(columns, at, at + 1)))
}

export async function chartOf(reader: Reader, row: SeriesRow, query: ChartQuery): Promise<ChartSeries> {
  const found = await find(reader, row, query)
  const { chunks, tail, from, to } = found
  const count = chunks.reduce((sum, chunk) => sum + chunk.points, tail?.step.length ?? 0)
  const perBucket = count / query.width
  const fewest = count <= manyDecoded ? subBlock : subBlock / 2
  if (perBucket < fewest && count <= mostDecoded) return rawChart(reader, row, query, found)
  const buckets = new Buckets(row.series_key, query.x, { from, to, width: query.width })
  if (perBucket >= chunkPoints) {
    for (const chunk of chunks) buckets.addChunk(chunk)
  } else if (chunks[0]) {
    const drawn = new Set(chunks.map((chunk) => chunk.first_step))
    const range = { series_id: row.id, from: chunks[0].first_step, to: chunks.at(-1)?.first_step ?? highest }
    for (const chunk of await reader.all(summariesOf, range)) {
      if (!drawn.has(chunk.first_step)) continue
      eachSummary(chunk.summaries, chunk.points, (summary, points, next) => {
        // Times may run backwards from one step to the next: both ends must lie on one side.
        const [first, last] = [summary[query.x], next?.[query.x] ?? summary[query.x]]
        const isOutside = (first > to && last > to) || (next !== null && first < from && last <= from)
        if (!isOutside) buckets.addSummary(summary, points)
      })
    }
  }
  if (tail) buckets.addPoints(tail)
  return buckets.series()
}

/** All points of the range are read: drawn one by one where the width has room for them. */
async function rawChart(
  reader: Reader,
  row: SeriesRow,
  query: ChartQuery,
  { chunks, tail, from, to }: Found,
): Promise<ChartSeries> {
  const parts: Columns[] = []
  const [first] = chunks
  if (first) {
    const range = { series_id: row.id, from: first.first_step, to: chunks.at(-1)?.first_step ?? highest }
    for (const { bytes } of await reader.all(dataOf, range)) {
      const inside = within(decodeChunk(bytes), { x: query.x, from, to })
      if (inside) parts.push(inside)
    }
  }
  const newest = parts.at(-1)?.step.at(-1)
  const rest = tail && within(tail, { x: query.x, from, to }, newest)
  if (rest) parts.push(rest)
  const points = parts.length === 0 ? columnsOf(0) : concat(parts)
  if (points.step.length <= query.width) return rawSeries(row.series_key, inOrder(points), query.x)
  const buckets = new Buckets(row.series_key, query.x, { from, to, width: query.width })
  buckets.addPoints(points)
  return buckets.series()
}
