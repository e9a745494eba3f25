import type { Reader } from '../../platform/db/index.ts'
import {
  type DayCut,
  type Dimension,
  dimensionColumn,
  firstTokensOfCalls,
  firstTokensOfQuarters,
  type GroupRow,
  groupsOfQuarters,
  markUntil,
  type QuarterRow,
  quartersOfCalls,
  restKey,
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

/** Rows of both halves by one dimension and currency; `slot` is the place of the day where `cut` says how. */
export async function groupRows(halves: Halves, by: Dimension, cut: DayCut | null): Promise<GroupRow[]> {
  const rolled = await groupsOfQuarters(halves.reader, halves.rolled, by, cut)
  const apart = new Set(cut?.keys)
  const fresh = halves.tail.map((row): GroupRow => {
    const key = row[dimensionColumn[by]]
    return {
      ...row,
      key: !cut || key === null || apart.has(key) ? key : restKey,
      slot: cut
        ? Math.max(
            0,
            cut.begins.findLastIndex((begin) => begin <= row.quarter),
          )
        : 0,
    }
  })
  return [...rolled, ...fresh]
}

export async function firstTokens(halves: Halves): Promise<{ bucket: number; calls: number }[]> {
  const [rolled, fresh] = await Promise.all([
    firstTokensOfQuarters(halves.reader, halves.rolled),
    halves.tailSpan.from < halves.tailSpan.to ? firstTokensOfCalls(halves.reader, halves.tailSpan) : [],
  ])
  return [...rolled, ...fresh]
}
