import type { Tx, Reader } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import {
  type LineRow,
  type SeriesRow,
  arrivalOf,
  insertSeries,
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

/** One value of one series; `value` null is not a number (or infinite): a gap in its curve. */
export interface Point {
  key: string
  step: number
  value: number | null
  /** Unix milliseconds. */
  time: number
}

export interface SeriesPoints {
  key: string
  step: number[]
  value: (number | null)[]
  time: number[]
}

/**
 * Where the points of tracked runs lie. All that knows how they are kept stands behind this: append (a repeated step
 * replaces its value), range, tail, latest, and what arrived after a number.
 */
export interface PointsStore {
  /** Stores a batch within the caller's transaction; returns the batch's number, counted per run. */
  append(tx: Tx, runId: string, points: readonly Point[], types: ReadonlyMap<string, string>): Promise<number>
  declare(tx: Tx, runId: string, types: ReadonlyMap<string, string>): Promise<void>
  appendLines(tx: Tx, runId: string, lines: readonly Omit<LineRow, 'run_id'>[]): Promise<void>
  latest(reader: Reader, runId: string): Promise<SeriesRow[]>
  tail(reader: Reader, runId: string, keys: readonly string[], limit: number): Promise<SeriesPoints[]>
  range(
    reader: Reader,
    runId: string,
    key: string,
    from: number,
    to: number,
    limit: number,
  ): Promise<SeriesPoints>
  number(reader: Reader, runId: string): Promise<number>
  /** What arrived after a number, whole batches, as much as may be sent at once; `number` is the last it holds. */
  arrivedAfter(
    reader: Reader,
    runId: string,
    after: number,
  ): Promise<{ number: number; series: SeriesPoints[] }>
}

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

async function appendPoint(tx: Tx, row: SeriesRow, point: Point, arrival: number): Promise<void> {
  /* What lies above the last step is new; below it, the step may be there already. */
  const isNew =
    row.last_step === null ||
    point.step > row.last_step ||
    !(await tx.first(pointAt, { series_id: row.id, step: point.step }))
  const { step, value, time } = point
  await tx.run(upsertPoint, { series_id: row.id, step, value, time, run_id: row.run_id, arrival })
  if (isNew) row.points += 1
  if (row.last_step === null || step >= row.last_step) {
    row.last_step = step
    row.last_value = value
    row.last_time = time
  }
}

/** Many times what one batch may hold. */
const mostAtOnce = 20_000

/** Points as rows of the product's own database. */
export const pointsStore: PointsStore = {
  async append(tx, runId, points, types) {
    await tx.run(nextArrival, { id: runId })
    const arrival = (await tx.first(arrivalOf, { id: runId }))?.arrivals ?? 0
    const series = await seriesFor(tx, runId, types)
    const touched = new Set<SeriesRow>()
    for (const point of points) {
      const row = series.get(point.key)
      if (!row) continue
      await appendPoint(tx, row, point, arrival)
      touched.add(row)
    }
    for (const { id, points: count, last_step, last_value, last_time } of touched) {
      await tx.run(updateSeries, { id, points: count, last_step, last_value, last_time })
    }
    return arrival
  },
  async declare(tx, runId, types) {
    await seriesFor(tx, runId, types)
  },
  async appendLines(tx, runId, lines) {
    for (const line of lines) await tx.run(upsertLine, { ...line, run_id: runId })
  },
  latest: (reader, runId) => reader.all(seriesOfRun, { run_id: runId }),
  async tail(reader, runId, keys, limit) {
    const wanted = new Set(keys)
    const series = (await reader.all(seriesOfRun, { run_id: runId })).filter((row) =>
      wanted.has(row.series_key),
    )
    return Promise.all(
      series.map(async (row) =>
        toSeries(row.series_key, (await reader.all(tailOfSeries, { series_id: row.id, limit })).toReversed()),
      ),
    )
  },
  async range(reader, runId, key, from, to, limit) {
    const row = (await reader.all(seriesOfRun, { run_id: runId })).find((one) => one.series_key === key)
    return toSeries(key, row ? await reader.all(pointsOfRange, { series_id: row.id, from, to, limit }) : [])
  },
  async number(reader, runId) {
    return (await reader.first(arrivalOf, { id: runId }))?.arrivals ?? 0
  },
  async arrivedAfter(reader, runId, after) {
    const rows = await reader.all(pointsAfterArrival, { run_id: runId, after, limit: mostAtOnce })
    const last = rows.at(-1)?.arrival ?? after
    /* The last batch may have been cut: it comes with the next reading. */
    const whole = rows.length < mostAtOnce ? rows : rows.filter((row) => row.arrival < last)
    const byKey = Map.groupBy(whole, (row) => row.series_key)
    const series = [...byKey].map(([key, points]) =>
      toSeries(
        key,
        points.toSorted((a, b) => a.step - b.step),
      ),
    )
    return { number: whole.at(-1)?.arrival ?? after, series }
  },
}
