import { defineQuery } from '../../../platform/db/index.ts'

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

const query = defineQuery<{ points_chunk: ChunkRow; points_data: DataRow }>()

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

export const deleteChunksUpTo = query<{ series_id: string; step: number }, unknown>((k, p) =>
  k.deleteFrom('points_chunk').where('series_id', '=', p.series_id).where('first_step', '<=', p.step),
)

export const deleteDataUpTo = query<{ series_id: string; step: number }, unknown>((k, p) =>
  k.deleteFrom('points_data').where('series_id', '=', p.series_id).where('first_step', '<=', p.step),
)
