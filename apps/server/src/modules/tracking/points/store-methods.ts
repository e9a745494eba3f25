import type { Db, Reader } from '../../../platform/db/index.ts'
import type {
  ChartQuery,
  ChartSeries,
  Line,
  LinesPage,
  LinesQuery,
  SeriesHead,
  SeriesPoints,
} from '../points-store.types.ts'
import { chartOf } from './chart.ts'
import { columnsOf } from './columns.ts'
import { type SeriesRow, lastValuesOf, runRow, seriesByKey, seriesOfRun } from './points.repo.ts'
import { readLines } from './read-lines.ts'
import { headOf, lastPoints, pointsFrom, pointsOf } from './read-points.ts'
import { BatchWriter, type KeyedColumns } from './write-batch.ts'

/** A batch on its way to the thread: all columns of all series lie in one piece of memory, which is handed over. */
export interface PackedBatch {
  runId: string
  keys: readonly string[]
  /** Points of each key. */
  counts: readonly number[]
  /** For each key its steps, values and times. */
  numbers: Float64Array
  types: readonly (readonly [key: string, type: string])[]
  lines: readonly Line[]
}

function unpack({ keys, counts, numbers }: PackedBatch): KeyedColumns[] {
  let at = 0
  return keys.map((key, number) => {
    const count = counts[number] ?? 0
    const next = () => numbers.subarray(at, (at += count))
    if (count === 0) return { key, columns: columnsOf(0) }
    return { key, columns: { step: next(), value: next(), time: next() } }
  })
}

export interface WriteMethods {
  append(batch: PackedBatch): Promise<number>
  free(runId: string): Promise<void>
}

export interface ReadMethods {
  number(runId: string): Promise<number>
  latest(runId: string): Promise<SeriesHead[]>
  lastValues(runIds: readonly string[], keys: readonly string[]): Promise<(number | null)[][]>
  tail(runId: string, keys: readonly string[], limit: number): Promise<SeriesPoints[]>
  range(runId: string, key: string, from: number, limit: number): Promise<SeriesPoints>
  chart(
    runId: string,
    keys: readonly string[],
    query: ChartQuery,
  ): Promise<{ number: number; series: ChartSeries[] }>
  /** The same as JSON in bytes: a chart is large, and who asked for it passes it on as it is. */
  chartJson(runId: string, keys: readonly string[], query: ChartQuery): Promise<Uint8Array<ArrayBuffer>>
  lines(runId: string, query: LinesQuery): Promise<LinesPage>
}

/** What the thread that writes answers. */
export function writeMethods(db: Db): WriteMethods {
  const writer = new BatchWriter(db)
  return {
    append: (batch) =>
      writer.append(batch.runId, {
        points: unpack(batch).filter(({ columns }) => columns.step.length > 0),
        types: new Map(batch.types),
        lines: batch.lines,
      }),
    free: (runId) => writer.free(runId),
  }
}

async function numberOf(reader: Reader, runId: string): Promise<number> {
  return (await reader.first(runRow, { run_id: runId }))?.arrivals ?? 0
}

/** The series of these keys, in their order; those that are not there are left out. */
async function seriesOf(reader: Reader, runId: string, keys: readonly string[]): Promise<SeriesRow[]> {
  const rows: SeriesRow[] = []
  for (const key of new Set(keys)) {
    const row = await reader.first(seriesByKey, { run_id: runId, series_key: key })
    if (row) rows.push(row)
  }
  return rows
}

/** Runs a query: what a database takes at once is bounded. */
const runsAtOnce = 500

async function valuesOf(reader: Reader, runIds: readonly string[], keys: readonly string[]) {
  const byRun = new Map<string, Map<string, number | null>>()
  for (let at = 0; at < runIds.length; at += runsAtOnce) {
    for (const row of await lastValuesOf(reader, runIds.slice(at, at + runsAtOnce), keys)) {
      const values = byRun.get(row.run_id) ?? new Map<string, number | null>()
      byRun.set(row.run_id, values.set(row.series_key, row.last_value))
    }
  }
  return runIds.map((id) => keys.map((key) => byRun.get(id)?.get(key) ?? null))
}

async function chartsOf(reader: Reader, runId: string, keys: readonly string[], query: ChartQuery) {
  /* The number first: what arrives in between is sent once more, never left out. */
  const number = await numberOf(reader, runId)
  const series: ChartSeries[] = []
  for (const row of await seriesOf(reader, runId, keys)) series.push(await chartOf(reader, row, query))
  return { number, series }
}

/** What the thread that reads answers. */
export function readMethods({ read }: Db): ReadMethods {
  return {
    number: (runId) => numberOf(read, runId),
    latest: async (runId) => (await read.all(seriesOfRun, { run_id: runId })).map(headOf),
    lastValues: (runIds, keys) => valuesOf(read, runIds, keys),
    async tail(runId, keys, limit) {
      const found: SeriesPoints[] = []
      for (const row of await seriesOf(read, runId, keys)) {
        found.push(pointsOf(row.series_key, await lastPoints(read, row, limit)))
      }
      return found
    },
    async range(runId, key, from, limit) {
      const [row] = await seriesOf(read, runId, [key])
      return pointsOf(key, row ? await pointsFrom(read, row, from, limit) : columnsOf(0))
    },
    chart: (runId, keys, query) => chartsOf(read, runId, keys, query),
    chartJson: async (runId, keys, query) =>
      new TextEncoder().encode(JSON.stringify(await chartsOf(read, runId, keys, query))),
    lines: (runId, query) => readLines(read, runId, query),
  }
}
