import { type Platform, perPlatform } from '../../platform/context.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import {
  type SeriesRow,
  arrivalOf,
  insertSeries,
  linesOfRun,
  nextArrival,
  pointAt,
  pointsAfterArrival,
  pointsOfRange,
  seriesOfRun,
  tailOfSeries,
  updateSeries,
  upsertLine,
  upsertPoint,
} from './points.repo.ts'
import { bucketsOf } from './points/buckets.ts'
import type {
  Batch,
  Line,
  PointColumns,
  PointsStore,
  SeriesHead,
  SeriesPoints,
} from './points-store.types.ts'

export type * from './points-store.types.ts'

interface Stored {
  step: number
  value: number | null
  time: number
}

function toSeries(key: string, rows: readonly Stored[]): SeriesPoints {
  return {
    key,
    step: rows.map((row) => Number(row.step)),
    value: rows.map((row) => row.value),
    time: rows.map((row) => Number(row.time)),
  }
}

async function seriesFor(
  tx: Tx,
  runId: string,
  types: ReadonlyMap<string, string>,
): Promise<Map<string, SeriesRow>> {
  const known = new Map((await tx.all(seriesOfRun, { run_id: runId })).map((row) => [row.series_key, row]))
  for (const [key, type] of types) {
    if (known.has(key)) continue
    const row: SeriesRow = {
      id: newId(),
      run_id: runId,
      series_key: key,
      type,
      points: 0,
      last_step: null,
      last_value: null,
      last_time: null,
    }
    await tx.run(insertSeries, row)
    known.set(key, row)
  }
  return known
}

async function appendColumns(tx: Tx, row: SeriesRow, points: PointColumns, arrival: number): Promise<void> {
  for (const [at, step] of points.step.entries()) {
    const value = Number.isFinite(points.value[at]) ? (points.value[at] ?? null) : null
    const time = points.time[at] ?? 0
    const isNew =
      row.last_step === null ||
      step > row.last_step ||
      !(await tx.first(pointAt, { series_id: row.id, step }))
    await tx.run(upsertPoint, { series_id: row.id, step, value, time, run_id: row.run_id, arrival })
    if (isNew) row.points += 1
    if (row.last_step === null || step >= row.last_step) {
      row.last_step = step
      row.last_value = value
      row.last_time = time
    }
  }
  const { id, points: count, last_step, last_value, last_time } = row
  await tx.run(updateSeries, { id, points: count, last_step, last_value, last_time })
}

const mostAtOnce = 20_000

/** Points as rows of the product's own database. */
class RowStore implements PointsStore {
  private readonly db: Db

  constructor(platform: Platform) {
    this.db = platform.db
  }

  append(runId: string, { points = [], types = new Map(), lines = [] }: Batch): Promise<number> {
    return this.db.transaction(async (tx) => {
      await tx.run(nextArrival, { id: runId })
      const arrival = (await tx.first(arrivalOf, { id: runId }))?.arrivals ?? 0
      const named = points.map(({ key }): [string, string] => [key, types.get(key) ?? 'FLOAT'])
      const series = await seriesFor(tx, runId, new Map([...types, ...named]))
      for (const one of points) {
        const row = series.get(one.key)
        if (row) await appendColumns(tx, row, one, arrival)
      }
      for (const { epoch, time, level, message } of lines) {
        await tx.run(upsertLine, { run_id: runId, epoch, time, level, message })
      }
      return arrival
    })
  }

  async declare(runId: string, types: ReadonlyMap<string, string>): Promise<void> {
    await this.db.transaction((tx) => seriesFor(tx, runId, types))
  }

  async latest(runId: string): Promise<SeriesHead[]> {
    const rows = await this.db.read.all(seriesOfRun, { run_id: runId })
    return rows.map((row) => ({
      key: row.series_key,
      type: row.type,
      points: row.points,
      lastStep: row.last_step,
      lastValue: row.last_value,
      lastTime: row.last_time,
    }))
  }

  async tail(runId: string, keys: readonly string[], limit: number): Promise<SeriesPoints[]> {
    const series = await this.series(runId, keys)
    return Promise.all(
      series.map(async (row) =>
        toSeries(
          row.series_key,
          (await this.db.read.all(tailOfSeries, { series_id: row.id, limit })).toReversed(),
        ),
      ),
    )
  }

  async range(runId: string, key: string, from: number, limit: number): Promise<SeriesPoints> {
    const [row] = await this.series(runId, [key])
    if (!row) return toSeries(key, [])
    const to = Number.MAX_SAFE_INTEGER
    return toSeries(key, await this.db.read.all(pointsOfRange, { series_id: row.id, from, to, limit }))
  }

  async chart(...[runId, keys, query]: Parameters<PointsStore['chart']>) {
    const number = await this.number(runId)
    const all = await Promise.all(
      keys.map((key) => this.range(runId, key, Number.MIN_SAFE_INTEGER, 1_000_000)),
    )
    return { number, series: all.map((one) => bucketsOf(one, query)) }
  }

  async lines(runId: string, { after, before, limit, search }: Parameters<PointsStore['lines']>[1]) {
    const all = await this.db.read.all(linesOfRun, { run_id: runId })
    const cursor = (line: Line) => `${line.epoch}:${line.time}`
    const wanted = search?.toLowerCase()
    const found = all.filter((line) => !wanted || line.message.toLowerCase().includes(wanted))
    const from = after === undefined ? 0 : all.findIndex((line) => cursor(line) === after) + 1
    const kept = found.filter((line) => all.indexOf(line) >= from)
    const upTo = before === undefined ? kept.length : kept.findIndex((line) => cursor(line) === before)
    const items =
      after === undefined ? kept.slice(Math.max(0, upTo - limit), Math.max(0, upTo)) : kept.slice(0, limit)
    const [first] = items
    const last = items.at(-1)
    return {
      items: items.map(({ epoch, time, level, message }) => ({ epoch, time, level, message })),
      total: all.length,
      older: first && first !== found[0] ? cursor(first) : null,
      newer: last ? cursor(last) : (after ?? null),
    }
  }

  async number(runId: string): Promise<number> {
    return (await this.db.read.first(arrivalOf, { id: runId }))?.arrivals ?? 0
  }

  async arrivedAfter(runId: string, after: number) {
    const rows = await this.db.read.all(pointsAfterArrival, { run_id: runId, after, limit: mostAtOnce })
    if (rows.length === mostAtOnce) return null
    const byKey = Map.groupBy(rows, (row) => row.series_key)
    const series = [...byKey].map(([key, points]) =>
      toSeries(
        key,
        points.toSorted((a, b) => a.step - b.step),
      ),
    )
    return { number: await this.number(runId), series, lines: true }
  }

  async deleteRun(): Promise<void> {
    /* Rows stay until they move into the store's own tables. */
  }

  private async series(runId: string, keys: readonly string[]): Promise<SeriesRow[]> {
    const wanted = new Set(keys)
    return (await this.db.read.all(seriesOfRun, { run_id: runId })).filter((row) =>
      wanted.has(row.series_key),
    )
  }
}

export const pointsStore = perPlatform((platform): PointsStore => new RowStore(platform))
