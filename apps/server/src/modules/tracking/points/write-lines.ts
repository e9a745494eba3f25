import type { Tx } from '../../../platform/db/index.ts'
import type { Line } from '../points-store.types.ts'
import {
  blockBytes,
  blocksOf,
  compare,
  decodeLines,
  encodeLines,
  mergeLines,
  sizeOfAll,
} from './line-block.ts'
import { type LinesPlace, deleteLines, insertLines, linePlaces, linesOf, openLines } from './lines.repo.ts'
import type { RunRow } from './points.repo.ts'

/** Small blocks that are gathered before they become one. */
const mostOpen = 32

/** Writes lines, in order, and brings the run's row up to date; gives whether anything differs. */
export async function writeLines(tx: Tx, run: RunRow, lines: readonly Line[]): Promise<boolean> {
  const { last_epoch, last_line_time } = run
  const last = last_epoch === null ? null : { epoch: last_epoch, time: last_line_time ?? 0 }
  const found = last ? lines.findIndex((line) => compare(line, last) > 0) : 0
  const fresh = found < 0 ? lines.length : found
  let changed = false
  if (fresh > 0) changed = await replace(tx, run, lines.slice(0, fresh))
  if (fresh === lines.length) return changed
  await add(tx, run, lines.slice(fresh))
  return true
}

async function store(tx: Tx, runId: string, lines: readonly Line[], open: boolean): Promise<void> {
  for (const block of blocksOf(lines)) {
    const [first] = block
    const last = block.at(-1)
    if (!first || !last) continue
    await tx.run(insertLines, {
      run_id: runId,
      first_epoch: first.epoch,
      first_time: first.time,
      last_epoch: last.epoch,
      last_time: last.time,
      line_count: block.length,
      open: open ? 1 : 0,
      bytes: encodeLines(block),
    })
  }
}

async function add(tx: Tx, run: RunRow, lines: readonly Line[]): Promise<void> {
  const size = sizeOfAll(lines)
  const last = lines.at(-1)
  run.line_count += lines.length
  run.last_epoch = last?.epoch ?? null
  run.last_line_time = last?.time ?? null
  if (run.open_bytes + size < blockBytes && run.open_blocks + 1 < mostOpen) {
    await store(tx, run.run_id, lines, true)
    run.open_blocks += 1
    run.open_bytes += size
    return
  }
  const gathered: Line[] = []
  const open = run.open_blocks > 0 ? await tx.all(openLines, { run_id: run.run_id }) : []
  for (const { bytes, first_epoch, first_time } of open) {
    gathered.push(...decodeLines(bytes))
    await tx.run(deleteLines, { run_id: run.run_id, first_epoch, first_time })
  }
  const whole = run.open_bytes + size >= blockBytes
  run.open_blocks = whole ? 0 : 1
  run.open_bytes = whole ? 0 : run.open_bytes + size
  await store(tx, run.run_id, [...gathered, ...lines], !whole)
}

/** Lays lines at or before the last one over those that are there. */
async function replace(tx: Tx, run: RunRow, lines: readonly Line[]): Promise<boolean> {
  const places = await tx.all(linePlaces, { run_id: run.run_id })
  let changed = false
  let at = 0
  for (const [number, place] of places.entries()) {
    const next = places[number + 1]
    const begin = next && { epoch: next.first_epoch, time: next.first_time }
    const beyond = begin ? lines.findIndex((line) => compare(line, begin) >= 0) : -1
    const end = beyond < 0 ? lines.length : beyond
    if (end > at && (await replaceBlock(tx, run, place, lines.slice(at, end)))) changed = true
    at = Math.max(at, end)
  }
  return changed
}

async function replaceBlock(
  tx: Tx,
  run: RunRow,
  { first_epoch, first_time, open }: LinesPlace,
  lines: readonly Line[],
): Promise<boolean> {
  const there = { run_id: run.run_id, first_epoch, first_time }
  const [row] = await tx.all(linesOf, there)
  const old = row ? decodeLines(row.bytes) : []
  const merged = mergeLines(old, lines)
  if (!merged) return false
  run.line_count += merged.length - old.length
  await tx.run(deleteLines, there)
  await store(tx, run.run_id, merged, open === 1)
  return true
}
