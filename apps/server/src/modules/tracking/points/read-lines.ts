import type { Reader } from '../../../platform/db/index.ts'
import type { Line, LinesPage, LinesQuery } from '../points-store.types.ts'
import { compare, decodeLines } from './line-block.ts'
import { type LinesPlace, linePlaces, linesOf } from './lines.repo.ts'
import { runRow } from './points.repo.ts'

type Place = Pick<Line, 'epoch' | 'time'>

const cursorOf = ({ epoch, time }: Place) => `${epoch}:${time}`

function placeOf(cursor: string | undefined): Place | null {
  const found = /^(-?\d{1,16}):(-?\d{1,16})$/.exec(cursor ?? '')
  return found ? { epoch: Number(found[1]), time: Number(found[2]) } : null
}

async function read(reader: Reader, runId: string, { first_epoch, first_time }: LinesPlace): Promise<Line[]> {
  const row = await reader.first(linesOf, { run_id: runId, first_epoch, first_time })
  return row ? decodeLines(row.bytes) : []
}

/** A page of a run's log: blocks are read one by one, in the asked direction, until it is full. */
export async function readLines(reader: Reader, runId: string, query: LinesQuery): Promise<LinesPage> {
  const run = await reader.first(runRow, { run_id: runId })
  const places = await reader.all(linePlaces, { run_id: runId })
  const after = placeOf(query.after)
  const before = placeOf(query.before)
  const wanted = query.search?.toLowerCase()
  const isWanted = (line: Line) =>
    (!after || compare(line, after) > 0) &&
    (!before || compare(line, before) < 0) &&
    (!wanted || line.message.toLowerCase().includes(wanted))
  const forward = after !== null
  const blocks = places.filter((place) => {
    const first = { epoch: place.first_epoch, time: place.first_time }
    const last = { epoch: place.last_epoch, time: place.last_time }
    return (!after || compare(last, after) > 0) && (!before || compare(first, before) < 0)
  })
  if (!forward) blocks.reverse()
  const parts: Line[][] = []
  let count = 0
  for (const place of blocks) {
    if (count > query.limit) break
    const lines = (await read(reader, runId, place)).filter(isWanted)
    parts.push(lines)
    count += lines.length
  }
  const all = (forward ? parts : parts.toReversed()).flat()
  const items = forward ? all.slice(0, query.limit) : all.slice(-query.limit)
  const [first] = items
  const last = items.at(-1)
  const hasOlder = forward ? after !== null : count > items.length
  return {
    items,
    total: run?.line_count ?? 0,
    older: first && hasOlder ? cursorOf(first) : null,
    newer: last ? cursorOf(last) : (query.after ?? null),
  }
}
