import { defineQuery, upsert } from '../../platform/db/index.ts'

export interface SeriesRow {
  id: string
  run_id: string
  series_key: string
  type: string
  points: number
  last_step: number | null
  last_value: number | null
  last_time: number | null
}

export interface PointRow {
  series_id: string
  step: number
  value: number | null
  time: number
  run_id: string
  arrival: number
}

export interface LineRow {
  run_id: string
  epoch: number
  time: number
  level: string
  message: string
}

export interface PointTables {
  tracked_series: SeriesRow
  tracked_point: PointRow
  tracked_line: LineRow
  tracked_run: { id: string; arrivals: number }
}

const query = defineQuery<PointTables>()

export const seriesOfRun = query<{ run_id: string }, SeriesRow>((k, p) =>
  k.selectFrom('tracked_series').selectAll().where('run_id', '=', p.run_id).orderBy('series_key'),
)

export const insertSeries = query<SeriesRow, unknown>((k, p) =>
  k.insertInto('tracked_series').values({
    id: p.id,
    run_id: p.run_id,
    series_key: p.series_key,
    type: p.type,
    points: p.points,
    last_step: p.last_step,
    last_value: p.last_value,
    last_time: p.last_time,
  }),
)

export const updateSeries = query<
  Pick<SeriesRow, 'id' | 'points' | 'last_step' | 'last_value' | 'last_time'>,
  unknown
>((k, p) =>
  k
    .updateTable('tracked_series')
    .set({ points: p.points, last_step: p.last_step, last_value: p.last_value, last_time: p.last_time })
    .where('id', '=', p.id),
)

export const upsertPoint = query<PointRow, unknown>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'tracked_point',
    {
      series_id: p.series_id,
      step: p.step,
      value: p.value,
      time: p.time,
      run_id: p.run_id,
      arrival: p.arrival,
    },
    ['series_id', 'step'],
    ['value', 'time', 'arrival'],
  ),
)

export const pointAt = query<{ series_id: string; step: number }, { step: number }>((k, p) =>
  k
    .selectFrom('tracked_point')
    .select('step')
    .where('series_id', '=', p.series_id)
    .where('step', '=', p.step),
)

/** The last `limit` points of a series, newest first. */
export const tailOfSeries = query<{ series_id: string; limit: number }, PointRow>((k, p) =>
  k
    .selectFrom('tracked_point')
    .selectAll()
    .where('series_id', '=', p.series_id)
    .orderBy('step', 'desc')
    .limit(p.limit),
)

export const pointsOfRange = query<{ series_id: string; from: number; to: number; limit: number }, PointRow>(
  (k, p) =>
    k
      .selectFrom('tracked_point')
      .selectAll()
      .where('series_id', '=', p.series_id)
      .where('step', '>=', p.from)
      .where('step', '<=', p.to)
      .orderBy('step')
      .limit(p.limit),
)

/** What arrived after a batch, oldest batches first. */
export const pointsAfterArrival = query<
  { run_id: string; after: number; limit: number },
  PointRow & { series_key: string }
>((k, p) =>
  k
    .selectFrom('tracked_point')
    .innerJoin('tracked_series', 'tracked_series.id', 'tracked_point.series_id')
    .selectAll('tracked_point')
    .select('tracked_series.series_key')
    .where('tracked_point.run_id', '=', p.run_id)
    .where('tracked_point.arrival', '>', p.after)
    .orderBy('tracked_point.arrival')
    .limit(p.limit),
)

/** Raises the run's number of batches; whoever does it first in a transaction holds the run until its end. */
export const nextArrival = query<{ id: string }, unknown>((k, p) =>
  k
    .updateTable('tracked_run')
    .set((eb) => ({ arrivals: eb('arrivals', '+', 1) }))
    .where('id', '=', p.id),
)

export const arrivalOf = query<{ id: string }, { arrivals: number }>((k, p) =>
  k.selectFrom('tracked_run').select('arrivals').where('id', '=', p.id),
)

export const upsertLine = query<LineRow, unknown>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'tracked_line',
    { run_id: p.run_id, epoch: p.epoch, time: p.time, level: p.level, message: p.message },
    ['run_id', 'epoch', 'time'],
    ['level', 'message'],
  ),
)

export const lastEpoch = query<{ run_id: string }, { epoch: number }>((k, p) =>
  k
    .selectFrom('tracked_line')
    .select('epoch')
    .where('run_id', '=', p.run_id)
    .orderBy('epoch', 'desc')
    .limit(1),
)

export const linesOfRun = query<{ run_id: string }, LineRow>((k, p) =>
  k.selectFrom('tracked_line').selectAll().where('run_id', '=', p.run_id).orderBy('epoch').orderBy('time'),
)
