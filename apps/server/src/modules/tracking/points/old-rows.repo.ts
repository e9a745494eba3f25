import { defineQuery } from '../../../platform/db/index.ts'

interface OldSeries {
  id: string
  run_id: string
  series_key: string
  type: string
}

interface OldPoint {
  series_id: string
  step: number
  value: number | null
  time: number
}

interface OldLine {
  run_id: string
  epoch: number
  time: number
  level: string
  message: string
}

interface Tables {
  tracked_series: OldSeries
  tracked_point: OldPoint
  tracked_line: OldLine
}

const query = defineQuery<Tables>()

export const someOldSeries = query<{ limit: number }, OldSeries>((k, p) =>
  k.selectFrom('tracked_series').select(['id', 'run_id', 'series_key', 'type']).orderBy('id').limit(p.limit),
)

export const oldPoints = query<{ series_id: string; limit: number }, OldPoint>((k, p) =>
  k
    .selectFrom('tracked_point')
    .select(['series_id', 'step', 'value', 'time'])
    .where('series_id', '=', p.series_id)
    .orderBy('step')
    .limit(p.limit),
)

export const deleteOldPoints = query<{ series_id: string; step: number }, unknown>((k, p) =>
  k.deleteFrom('tracked_point').where('series_id', '=', p.series_id).where('step', '<=', p.step),
)

export const deleteOldSeries = query<{ id: string }, unknown>((k, p) =>
  k.deleteFrom('tracked_series').where('id', '=', p.id),
)

export const anOldLine = query<Record<never, never>, Pick<OldLine, 'run_id'>>((k) =>
  k.selectFrom('tracked_line').select('run_id').limit(1),
)

export const oldLines = query<{ run_id: string; limit: number }, OldLine>((k, p) =>
  k
    .selectFrom('tracked_line')
    .selectAll()
    .where('run_id', '=', p.run_id)
    .orderBy('epoch')
    .orderBy('time')
    .limit(p.limit),
)

export const deleteOldLines = query<{ run_id: string; epoch: number; time: number }, unknown>((k, p) =>
  k
    .deleteFrom('tracked_line')
    .where('run_id', '=', p.run_id)
    .where((eb) =>
      eb.or([eb('epoch', '<', p.epoch), eb.and([eb('epoch', '=', p.epoch), eb('time', '<=', p.time)])]),
    ),
)
