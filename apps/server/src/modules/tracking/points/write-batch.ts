import type { Db, Tx } from '../../../platform/db/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Line } from '../points-store.types.ts'
import { type Columns, inOrder } from './columns.ts'
import { linesInOrder } from './line-block.ts'
import { deleteLinesOfRun } from './lines.repo.ts'
import { chunksOf, deleteChunksUpTo, deleteDataUpTo } from './chunks.repo.ts'
import {
  type RunRow,
  type SeriesRow,
  deleteFragments,
  deleteRunRow,
  deleteSeries,
  insertRun,
  insertSeries,
  nextArrival,
  runRow,
  seriesOfRun,
  updateRun,
  updateSeries,
} from './points.repo.ts'
import { writeLines } from './write-lines.ts'
import { writeSeries } from './write-series.ts'

export interface KeyedColumns {
  key: string
  columns: Columns
}

export interface WrittenBatch {
  points: readonly KeyedColumns[]
  types: ReadonlyMap<string, string>
  lines: readonly Line[]
}

interface RunState {
  run: RunRow
  series: Map<string, SeriesRow>
}

/** Series whose rows are kept in memory by whoever alone writes the file. */
const mostKept = 100_000
/** Chunks freed in one transaction. */
const freedAtOnce = 500
const lowest = -(2 ** 53)
const highest = 2 ** 53

const emptyRun = (runId: string): RunRow => ({
  run_id: runId,
  arrivals: 0,
  line_count: 0,
  last_epoch: null,
  last_line_time: null,
  open_blocks: 0,
  open_bytes: 0,
})

function newSeries(runId: string, key: string, type: string): SeriesRow {
  return {
    id: newId(),
    run_id: runId,
    series_key: key,
    type,
    points: 0,
    last_step: null,
    last_value: null,
    last_time: null,
    sealed_step: null,
    tail_points: 0,
    fragments: 0,
  }
}

/** Writes batches, each in a transaction of its own; on SQLite those that wait share a commit. */
export class BatchWriter {
  private readonly db: Db
  /** SQLite's file has one writer, which need not read again what it has written. */
  private readonly alone: boolean
  private readonly kept = new Map<string, RunState>()
  private keptSeries = 0

  constructor(db: Db) {
    this.db = db
    this.alone = db.dialect === 'sqlite'
  }

  async append(runId: string, batch: WrittenBatch): Promise<number> {
    const lines = linesInOrder(batch.lines)
    const points = batch.points.map(({ key, columns }) => ({ key, columns: inOrder(columns) }))
    return this.write(async (tx) => {
      const state = await this.stateOf(tx, runId)
      let changed = false
      const begun = new Set<SeriesRow>()
      for (const [key, type] of batch.types) this.seriesFor(state, key, type, begun)
      for (const { key, columns } of points) {
        const row = this.seriesFor(state, key, 'FLOAT', begun)
        if (!(await writeSeries(tx, row, columns))) continue
        changed = true
        if (!begun.has(row)) await tx.run(updateSeries, row)
      }
      for (const row of begun) await tx.run(insertSeries, row)
      const linesChanged = lines.length > 0 && (await writeLines(tx, state.run, lines))
      if (this.alone && (changed || linesChanged || begun.size > 0)) state.run.arrivals += 1
      if (linesChanged || (this.alone && (changed || begun.size > 0))) await tx.run(updateRun, state.run)
      return state.run.arrivals
    })
  }

  /** Frees what a run holds, some of it at a time, so that nothing waits for it long. */
  async free(runId: string): Promise<void> {
    this.forget()
    const series = await this.db.read.all(seriesOfRun, { run_id: runId })
    for (const { id } of series) {
      while (await this.freeSome(id));
      await this.write(async (tx) => {
        await tx.run(deleteFragments, { series_id: id })
        await tx.run(deleteSeries, { id })
      })
    }
    await this.write(async (tx) => {
      await tx.run(deleteLinesOfRun, { run_id: runId })
      await tx.run(deleteRunRow, { run_id: runId })
    })
    this.forget()
  }

  private async freeSome(seriesId: string): Promise<boolean> {
    const chunks = await this.db.read.all(chunksOf, { series_id: seriesId, from: lowest, to: highest })
    const last = chunks.slice(0, freedAtOnce).at(-1)
    if (!last) return false
    await this.write(async (tx) => {
      const upTo = { series_id: seriesId, step: last.first_step }
      await tx.run(deleteChunksUpTo, upTo)
      await tx.run(deleteDataUpTo, upTo)
    })
    return chunks.length > freedAtOnce
  }

  private async write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await this.db.transaction(async (tx) => {
        try {
          return await work(tx)
        } catch (error) {
          this.forget()
          throw error
        }
      })
    } catch (error) {
      this.forget()
      throw error
    }
  }

  /** What memory holds may have been rolled back: it is read again. */
  private forget(): void {
    this.kept.clear()
    this.keptSeries = 0
  }

  private async stateOf(tx: Tx, runId: string): Promise<RunState> {
    const known = this.kept.get(runId)
    if (known) return known
    if (!this.alone) await this.holdRun(tx, runId)
    let run = await tx.first(runRow, { run_id: runId })
    if (!run) {
      run = emptyRun(runId)
      await tx.run(insertRun, run)
    }
    const rows = await tx.all(seriesOfRun, { run_id: runId })
    const state = { run, series: new Map(rows.map((row) => [row.series_key, row])) }
    if (this.alone) {
      if (this.keptSeries > mostKept) this.forget()
      this.kept.set(runId, state)
      this.keptSeries += rows.length
    }
    return state
  }

  /** Several servers may write one run: the first to raise its number goes first. */
  private async holdRun(tx: Tx, runId: string): Promise<void> {
    const { changes } = await tx.run(nextArrival, { run_id: runId })
    if (changes > 0) return
    await tx.run(insertRun, emptyRun(runId))
    await tx.run(nextArrival, { run_id: runId })
  }

  private seriesFor(state: RunState, key: string, type: string, begun: Set<SeriesRow>): SeriesRow {
    const known = state.series.get(key)
    if (known) return known
    const row = newSeries(state.run.run_id, key, type)
    state.series.set(key, row)
    this.keptSeries += 1
    begun.add(row)
    return row
  }
}
