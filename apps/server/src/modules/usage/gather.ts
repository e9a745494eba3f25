import type { Reader } from '../../platform/db/index.ts'
import {
  type Dimension,
  dimensionColumn,
  firstTokensOfCalls,
  firstTokensOfQuarters,
  type GroupRow,
  groupsOfQuarters,
  markUntil,
  type QuarterRow,
  quartersOfCalls,
  type Span,
} from './quarters.queries.ts'
import { markId } from './roll-up.ts'

type Tail = Omit<QuarterRow, 'id'>[]

/** A span in two: what is put together already, and the newest calls, which are not. */
export interface Halves {
  reader: Reader
  rolled: Span
  tail: Tail
  tailSpan: Span
}

export async function halvesOf(reader: Reader, span: Span): Promise<Halves> {
  const mark = Number((await reader.first(markUntil, { id: markId }))?.until ?? 0)
  const until = Math.min(Math.max(mark, span.from), span.to)
  const tailSpan = { ...span, from: until }
  return {
    reader,
    rolled: { ...span, to: until },
    tail: until < span.to ? await quartersOfCalls(reader, tailSpan) : [],
    tailSpan,
  }
}

/** Rows of both halves by one dimension, currency and slot of time. */
export async function groupRows(halves: Halves, by: Dimension, slotMs: number): Promise<GroupRow[]> {
  const rolled = await groupsOfQuarters(halves.reader, halves.rolled, by, slotMs)
  const fresh = halves.tail.map((row): GroupRow => ({
    ...row,
    key: row[dimensionColumn[by]],
    slot: slotMs === 0 ? 0 : row.quarter - (row.quarter % slotMs),
  }))
  return [...rolled, ...fresh]
}

export async function firstTokens(halves: Halves): Promise<{ bucket: number; calls: number }[]> {
  const [rolled, fresh] = await Promise.all([
    firstTokensOfQuarters(halves.reader, halves.rolled),
    halves.tailSpan.from < halves.tailSpan.to ? firstTokensOfCalls(halves.reader, halves.tailSpan) : [],
  ])
  return [...rolled, ...fresh]
}
