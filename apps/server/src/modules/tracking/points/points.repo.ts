import { defineQuery, upsert } from '../../../platform/db/index.ts'

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

export interface ChunkRow {
  series_id: string
  first_step: number
  last_step: number
  points: number
  finite: number
  min_value: number | null
  max_value: number | null
  sum_value: number | null
  first_time: number
  min_time: number
  max_time: number
  summaries: Uint8Array
}

interface DataRow {
  series_id: string
  first_step: number
  bytes: Uint8Array
}

export interface LinesRow {
  run_id: string
  first_epoch: number
  first_time: number
  last_epoch: number
  last_time: number
  line_count: number
  open: number
  bytes: Uint8Array
}

interface Tables {
  points_run: RunRow
  points_series: SeriesRow
  points_fragment: FragmentRow
  points_chunk: ChunkRow
  points_data: DataRow
  points_lines: LinesRow
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

export const insertChunk = query<ChunkRow, unknown>((k, p) =>
  k.insertInto('points_chunk').values({
    series_id: p.series_id,
    first_step: p.first_step,
    last_step: p.last_step,
    points: p.points,
    finite: p.finite,
    min_value: p.min_value,
    max_value: p.max_value,
    sum_value: p.sum_value,
    first_time: p.first_time,
    min_time: p.min_time,
    max_time: p.max_time,
    summaries: p.summaries,
  }),
)

export const insertData = query<DataRow, unknown>((k, p) =>
  k.insertInto('points_data').values({ series_id: p.series_id, first_step: p.first_step, bytes: p.bytes }),
)

export const deleteChunk = query<{ series_id: string; first_step: number }, unknown>((k, p) =>
  k.deleteFrom('points_chunk').where('series_id', '=', p.series_id).where('first_step', '=', p.first_step),
)

export const deleteData = query<{ series_id: string; first_step: number }, unknown>((k, p) =>
  k.deleteFrom('points_data').where('series_id', '=', p.series_id).where('first_step', '=', p.first_step),
)

type Range = { series_id: string; from: number; to: number }

/** Where the chunk begins that a step falls into: the greatest first step at or below it. */
export const chunkBegin = query<{ series_id: string; step: number }, { first_step: number }>((k, p) =>
  k
    .selectFrom('points_chunk')
    .select('first_step')
    .where('series_id', '=', p.series_id)
    .where('first_step', '<=', p.step)
    .orderBy('first_step', 'desc')
    .limit(1),
)

export const firstChunk = query<{ series_id: string }, { first_step: number }>((k, p) =>
  k
    .selectFrom('points_chunk')
    .select('first_step')
    .where('series_id', '=', p.series_id)
    .orderBy('first_step')
    .limit(1),
)

export type ChunkSums = Omit<ChunkRow, 'series_id' | 'summaries'>

/** Chunks that begin within a range, without what is large of them. */
export const chunksOf = query<Range, ChunkSums>((k, p) =>
  k
    .selectFrom('points_chunk')
    .select([
      'first_step',
      'last_step',
      'points',
      'finite',
      'min_value',
      'max_value',
      'sum_value',
      'first_time',
      'min_time',
      'max_time',
    ])
    .where('series_id', '=', p.series_id)
    .where('first_step', '>=', p.from)
    .where('first_step', '<=', p.to)
    .orderBy('first_step'),
)

export const summariesOf = query<Range, Pick<ChunkRow, 'first_step' | 'last_step' | 'points' | 'summaries'>>(
  (k, p) =>
    k
      .selectFrom('points_chunk')
      .select(['first_step', 'last_step', 'points', 'summaries'])
      .where('series_id', '=', p.series_id)
      .where('first_step', '>=', p.from)
      .where('first_step', '<=', p.to)
      .orderBy('first_step'),
)

export const dataOf = query<Range, DataRow>((k, p) =>
  k
    .selectFrom('points_data')
    .selectAll()
    .where('series_id', '=', p.series_id)
    .where('first_step', '>=', p.from)
    .where('first_step', '<=', p.to)
    .orderBy('first_step'),
)

export const chunksFrom = query<{ series_id: string; from: number; limit: number }, DataRow>((k, p) =>
  k
    .selectFrom('points_data')
    .selectAll()
    .where('series_id', '=', p.series_id)
    .where('first_step', '>=', p.from)
    .orderBy('first_step')
    .limit(p.limit),
)

/** The last chunks, newest first. */
export const lastChunks = query<{ series_id: string; limit: number }, DataRow>((k, p) =>
  k
    .selectFrom('points_data')
    .selectAll()
    .where('series_id', '=', p.series_id)
    .orderBy('first_step', 'desc')
    .limit(p.limit),
)

export const deleteSeries = query<{ id: string }, unknown>((k, p) =>
  k.deleteFrom('points_series').where('id', '=', p.id),
)

export const deleteRunRow = query<{ run_id: string }, unknown>((k, p) =>
  k.deleteFrom('points_run').where('run_id', '=', p.run_id),
)

export const deleteChunksUpTo = query<{ series_id: string; step: number }, unknown>((k, p) =>
  k.deleteFrom('points_chunk').where('series_id', '=', p.series_id).where('first_step', '<=', p.step),
)

export const deleteDataUpTo = query<{ series_id: string; step: number }, unknown>((k, p) =>
  k.deleteFrom('points_data').where('series_id', '=', p.series_id).where('first_step', '<=', p.step),
)
