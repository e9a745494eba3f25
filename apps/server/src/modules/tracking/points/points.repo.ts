import { type Reader, defineQuery, upsert } from '../../../platform/db/index.ts'

export interface RunRow {
  run_id: string
  arrivals: number
  line_count: number
  last_epoch: number | null
  last_line_time: number | null
  open_blocks: number
  open_bytes: number
}

export interface SeriesRow {
  id: string
  run_id: string
  series_key: string
  type: string
  points: number
  last_step: number | null
  last_value: number | null
  last_time: number | null
  /** The last step that lies in a chunk. */
  sealed_step: number | null
  /** Points and fragments that wait to be sealed. */
  tail_points: number
  fragments: number
}

interface FragmentRow {
  series_id: string
  place: number
  bytes: Uint8Array
}

interface Tables {
  points_run: RunRow
  points_series: SeriesRow
  points_fragment: FragmentRow
}

const query = defineQuery<Tables>()

export const insertRun = query<RunRow, unknown>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'points_run',
    {
      run_id: p.run_id,
      arrivals: p.arrivals,
      line_count: p.line_count,
      last_epoch: p.last_epoch,
      last_line_time: p.last_line_time,
      open_blocks: p.open_blocks,
      open_bytes: p.open_bytes,
    },
    ['run_id'],
    [],
  ),
)

/** Raises the run's number; whoever does it first in a transaction holds the run until its end. */
export const nextArrival = query<{ run_id: string }, unknown>((k, p) =>
  k
    .updateTable('points_run')
    .set((eb) => ({ arrivals: eb('arrivals', '+', 1) }))
    .where('run_id', '=', p.run_id),
)

export const updateRun = query<RunRow, unknown>((k, p) =>
  k
    .updateTable('points_run')
    .set({
      arrivals: p.arrivals,
      line_count: p.line_count,
      last_epoch: p.last_epoch,
      last_line_time: p.last_line_time,
      open_blocks: p.open_blocks,
      open_bytes: p.open_bytes,
    })
    .where('run_id', '=', p.run_id),
)

export const runRow = query<{ run_id: string }, RunRow>((k, p) =>
  k.selectFrom('points_run').selectAll().where('run_id', '=', p.run_id),
)

export const seriesOfRun = query<{ run_id: string }, SeriesRow>((k, p) =>
  k.selectFrom('points_series').selectAll().where('run_id', '=', p.run_id).orderBy('series_key'),
)

export const seriesByKey = query<{ run_id: string; series_key: string }, SeriesRow>((k, p) =>
  k
    .selectFrom('points_series')
    .selectAll()
    .where('run_id', '=', p.run_id)
    .where('series_key', '=', p.series_key),
)

/** Of several runs at once. */
export function lastValuesOf(
  reader: Reader,
  runIds: readonly string[],
  keys: readonly string[],
): Promise<Pick<SeriesRow, 'run_id' | 'series_key' | 'last_value'>[]> {
  if (runIds.length === 0 || keys.length === 0) return Promise.resolve([])
  return reader.dynamic<Tables, Pick<SeriesRow, 'run_id' | 'series_key' | 'last_value'>>((k) =>
    k
      .selectFrom('points_series')
      .select(['run_id', 'series_key', 'last_value'])
      .where('run_id', 'in', runIds)
      .where('series_key', 'in', keys),
  )
}

export const insertSeries = query<SeriesRow, unknown>((k, p) =>
  k.insertInto('points_series').values({
    id: p.id,
    run_id: p.run_id,
    series_key: p.series_key,
    type: p.type,
    points: p.points,
    last_step: p.last_step,
    last_value: p.last_value,
    last_time: p.last_time,
    sealed_step: p.sealed_step,
    tail_points: p.tail_points,
    fragments: p.fragments,
  }),
)

export const updateSeries = query<Omit<SeriesRow, 'run_id' | 'series_key' | 'type'>, unknown>((k, p) =>
  k
    .updateTable('points_series')
    .set({
      points: p.points,
      last_step: p.last_step,
      last_value: p.last_value,
      last_time: p.last_time,
      sealed_step: p.sealed_step,
      tail_points: p.tail_points,
      fragments: p.fragments,
    })
    .where('id', '=', p.id),
)

export const insertFragment = query<FragmentRow, unknown>((k, p) =>
  k.insertInto('points_fragment').values({ series_id: p.series_id, place: p.place, bytes: p.bytes }),
)

export const fragmentsOf = query<{ series_id: string }, Pick<FragmentRow, 'bytes'>>((k, p) =>
  k.selectFrom('points_fragment').select('bytes').where('series_id', '=', p.series_id).orderBy('place'),
)

export const deleteFragments = query<{ series_id: string }, unknown>((k, p) =>
  k.deleteFrom('points_fragment').where('series_id', '=', p.series_id),
)

export const deleteSeries = query<{ id: string }, unknown>((k, p) =>
  k.deleteFrom('points_series').where('id', '=', p.id),
)

export const deleteRunRow = query<{ run_id: string }, unknown>((k, p) =>
  k.deleteFrom('points_run').where('run_id', '=', p.run_id),
)
