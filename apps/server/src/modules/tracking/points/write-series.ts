import type { Tx } from '../../../platform/db/index.ts'
import { decodeChunk, decodeFragment, encodeChunk, encodeFragment } from './codec.ts'
import { type Columns, concat, merge, placeOf, slice } from './columns.ts'
import {
  chunkBegin,
  chunksOf,
  dataOf,
  deleteChunk,
  deleteData,
  firstChunk,
  insertChunk,
  insertData,
} from './chunks.repo.ts'
import { type SeriesRow, deleteFragments, fragmentsOf, insertFragment } from './points.repo.ts'
import { encodeSummaries, summarise } from './summary.ts'

/** Points of a sealed chunk. */
export const chunkPoints = 1024
const mostFragments = 64

/**
 * Writes points of one series, in order, and brings its row up to date (which the caller stores). Gives whether
 * anything differs from what was there: new points go behind the others, old ones are laid over what they replace.
 */
export async function writeSeries(tx: Tx, row: SeriesRow, points: Columns): Promise<boolean> {
  const { last_step } = row
  const fresh = last_step === null ? 0 : placeOf(points.step, last_step, true)
  let changed = false
  if (fresh > 0) changed = await replace(tx, row, slice(points, 0, fresh))
  if (fresh === points.step.length) return changed
  await add(tx, row, slice(points, fresh))
  return true
}

/** What the series' row says of its newest point. */
function noteLast(row: SeriesRow, { step, value, time }: Columns): void {
  const last = step.length - 1
  const newest = value[last] as number
  row.last_step = step[last] as number
  row.last_value = Number.isFinite(newest) ? newest : null
  row.last_time = time[last] as number
}

async function add(tx: Tx, row: SeriesRow, points: Columns): Promise<void> {
  const count = points.step.length
  row.points += count
  noteLast(row, points)
  if (row.tail_points + count < chunkPoints && row.fragments + 1 < mostFragments) {
    await tx.run(insertFragment, { series_id: row.id, place: row.fragments, bytes: encodeFragment(points) })
    row.fragments += 1
    row.tail_points += count
    return
  }
  const tail = await readTail(tx, row)
  await storeTail(tx, row, tail ? concat([tail, points]) : points)
}

async function readTail(tx: Tx, row: SeriesRow): Promise<Columns | null> {
  if (row.fragments === 0) return null
  const fragments = await tx.all(fragmentsOf, { series_id: row.id })
  return concat(fragments.map(({ bytes }) => decodeFragment(bytes)))
}

/** Seals whole chunks of what is not sealed yet, and keeps the rest as one fragment. */
async function storeTail(tx: Tx, row: SeriesRow, tail: Columns): Promise<void> {
  if (row.fragments > 0) await tx.run(deleteFragments, { series_id: row.id })
  let from = 0
  for (; tail.step.length - from >= chunkPoints; from += chunkPoints) {
    const chunk = slice(tail, from, from + chunkPoints)
    await storeChunk(tx, row.id, chunk)
    row.sealed_step = chunk.step[chunkPoints - 1] as number
  }
  const rest = slice(tail, from)
  row.tail_points = rest.step.length
  row.fragments = row.tail_points > 0 ? 1 : 0
  if (row.fragments > 0) {
    await tx.run(insertFragment, { series_id: row.id, place: 0, bytes: encodeFragment(rest) })
  }
}

async function storeChunk(tx: Tx, seriesId: string, columns: Columns): Promise<void> {
  const first = columns.step[0] as number
  const { finite, min, max, sum, time } = summarise(columns)
  let low = time
  let high = time
  for (const one of columns.time) {
    if (one < low) low = one
    if (one > high) high = one
  }
  await tx.run(insertChunk, {
    series_id: seriesId,
    first_step: first,
    last_step: columns.step.at(-1) as number,
    points: columns.step.length,
    finite,
    min_value: finite > 0 ? min : null,
    max_value: finite > 0 ? max : null,
    /* Many great numbers add up to more than a number holds. */
    sum_value: Number.isFinite(sum) ? sum : null,
    first_time: time,
    min_time: low,
    max_time: high,
    summaries: encodeSummaries(columns),
  })
  await tx.run(insertData, { series_id: seriesId, first_step: first, bytes: encodeChunk(columns) })
}

/** Lays points at or below the last step over those that are there. */
async function replace(tx: Tx, row: SeriesRow, points: Columns): Promise<boolean> {
  const sealed = row.sealed_step === null ? 0 : placeOf(points.step, row.sealed_step, true)
  let changed = false
  if (sealed > 0) changed = await replaceSealed(tx, row, slice(points, 0, sealed))
  if (sealed === points.step.length) return changed
  const tail = await readTail(tx, row)
  const given = slice(points, sealed)
  const merged = tail ? merge(tail, given) : { columns: given, added: given.step.length, changed: true }
  if (!merged.changed) return changed
  row.points += merged.added
  noteLast(row, merged.columns)
  await storeTail(tx, row, merged.columns)
  return true
}

async function replaceSealed(tx: Tx, row: SeriesRow, points: Columns): Promise<boolean> {
  const lowest = points.step[0] as number
  const to = points.step.at(-1) as number
  const begin =
    (await tx.first(chunkBegin, { series_id: row.id, step: lowest })) ??
    (await tx.first(firstChunk, { series_id: row.id }))
  const from = begin?.first_step ?? lowest
  const chunks = await tx.all(chunksOf, { series_id: row.id, from, to: Math.max(from, to) })
  let changed = false
  let at = 0
  for (const [number, chunk] of chunks.entries()) {
    const next = chunks[number + 1]
    const end = next ? placeOf(points.step, next.first_step) : points.step.length
    if (end > at && (await replaceChunk(tx, row, chunk.first_step, slice(points, at, end)))) changed = true
    at = end
  }
  return changed
}

async function replaceChunk(tx: Tx, row: SeriesRow, first: number, points: Columns): Promise<boolean> {
  const [data] = await tx.all(dataOf, { series_id: row.id, from: first, to: first })
  if (!data) return false
  const { columns, added, changed } = merge(decodeChunk(data.bytes), points)
  if (!changed) return false
  const there = { series_id: row.id, first_step: first }
  await tx.run(deleteChunk, there)
  await tx.run(deleteData, there)
  /* A chunk that late points made twice as large is parted evenly. */
  const pieces = Math.max(1, Math.floor(columns.step.length / chunkPoints))
  const size = Math.ceil(columns.step.length / pieces)
  for (let from = 0; from < columns.step.length; from += size) {
    await storeChunk(tx, row.id, slice(columns, from, from + size))
  }
  row.points += added
  if (columns.step.at(-1) === row.last_step) noteLast(row, columns)
  return true
}
