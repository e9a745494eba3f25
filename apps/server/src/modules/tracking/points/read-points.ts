import type { Reader } from '../../../platform/db/index.ts'
import type { SeriesHead, SeriesPoints } from '../points-store.types.ts'
import { decodeChunk, decodeFragment } from './codec.ts'
import { type Columns, columnsOf, concat, placeOf, slice } from './columns.ts'
import { chunkBegin, chunksFrom, lastChunks } from './chunks.repo.ts'
import { type SeriesRow, fragmentsOf } from './points.repo.ts'
import { chunkPoints } from './write-series.ts'

export function headOf(row: SeriesRow): SeriesHead {
  return {
    key: row.series_key,
    type: row.type,
    points: Number(row.points),
    lastStep: row.last_step,
    lastValue: row.last_value,
    lastTime: row.last_time,
  }
}

/** What of a series is not sealed yet. */
export async function readTail(reader: Reader, seriesId: string): Promise<Columns | null> {
  const fragments = await reader.all(fragmentsOf, { series_id: seriesId })
  return fragments.length === 0 ? null : concat(fragments.map(({ bytes }) => decodeFragment(bytes)))
}

export function pointsOf(key: string, { step, value, time }: Columns): SeriesPoints {
  return {
    key,
    step: Array.from(step),
    value: Array.from(value, (one) => (Number.isFinite(one) ? one : null)),
    time: Array.from(time),
  }
}

/** Parts in order; what was sealed between two readings is met in both, and counts once. */
function joined(parts: readonly Columns[]): Columns {
  const out: Columns[] = []
  let newest = Number.NEGATIVE_INFINITY
  for (const part of parts) {
    const rest = slice(part, placeOf(part.step, newest, true))
    if (rest.step.length === 0) continue
    out.push(rest)
    newest = rest.step.at(-1) as number
  }
  return out.length === 0 ? columnsOf(0) : concat(out)
}

/** The last `limit` points of a series. */
export async function lastPoints(reader: Reader, row: SeriesRow, limit: number): Promise<Columns> {
  const tail = await readTail(reader, row.id)
  const missing = limit - (tail?.step.length ?? 0)
  /* One more than needed, since a chunk may hold fewer points than others. */
  const wanted = missing > 0 ? Math.ceil(missing / chunkPoints) + 1 : 0
  const chunks = wanted > 0 ? await reader.all(lastChunks, { series_id: row.id, limit: wanted }) : []
  const all = joined([...chunks.toReversed().map(({ bytes }) => decodeChunk(bytes)), ...(tail ? [tail] : [])])
  return slice(all, Math.max(0, all.step.length - limit))
}

/** Points from a step on, `limit` at most. */
export async function pointsFrom(
  reader: Reader,
  row: SeriesRow,
  from: number,
  limit: number,
): Promise<Columns> {
  const tail = await readTail(reader, row.id)
  const begin = await reader.first(chunkBegin, { series_id: row.id, step: from })
  const query = {
    series_id: row.id,
    from: begin?.first_step ?? from,
    limit: Math.ceil(limit / chunkPoints) + 1,
  }
  const chunks = await reader.all(chunksFrom, query)
  /* With more chunks beyond these, the tail is not next. */
  const last = chunks.length < query.limit && tail ? [tail] : []
  const all = joined([...chunks.map(({ bytes }) => decodeChunk(bytes)), ...last])
  const first = placeOf(all.step, from)
  return slice(all, first, first + limit)
}
