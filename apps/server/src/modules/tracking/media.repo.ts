import { defineQuery, upsert } from '../../platform/db/index.ts'

/** What a run logged under a key at a step, beside numbers. */
export interface MediaRow {
  run_id: string
  series_key: string
  step: number
  /** Unix milliseconds. */
  time: number
  /** JSON array: the paths of files, or texts that were sent without one. */
  data: string
  /** JSON array beside it: captions and the like; null for an item without any. */
  more: string
}

/** How a project draws a key: its first definition stays. */
export interface DefinitionRow {
  project_id: string
  series_key: string
  type: string
  name: string | null
  section: string | null
  x_axis: string | null
  hidden: number
}

interface MediaTables {
  tracked_media: MediaRow
  project_series: DefinitionRow
}

const query = defineQuery<MediaTables>()

export const upsertMedia = query<MediaRow, unknown>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'tracked_media',
    {
      run_id: p.run_id,
      series_key: p.series_key,
      step: p.step,
      time: p.time,
      data: p.data,
      more: p.more,
    },
    ['run_id', 'series_key', 'step'],
    ['time', 'data', 'more'],
  ),
)

export interface MediaHead {
  series_key: string
  steps: number
  first_step: number
  last_step: number
}

export const mediaHeads = query<{ run_id: string }, MediaHead>((k, p) =>
  k
    .selectFrom('tracked_media')
    .select((eb) => [
      'series_key',
      eb.fn.countAll<number>().as('steps'),
      eb.fn.min('step').as('first_step'),
      eb.fn.max('step').as('last_step'),
    ])
    .where('run_id', '=', p.run_id)
    .groupBy('series_key')
    .orderBy('series_key'),
)

export const mediaSteps = query<{ run_id: string; key: string; limit: number }, { step: number }>((k, p) =>
  k
    .selectFrom('tracked_media')
    .select('step')
    .where('run_id', '=', p.run_id)
    .where('series_key', '=', p.key)
    .orderBy('step')
    .limit(p.limit),
)

/** The newest at or below a step. */
export const mediaUpTo = query<{ run_id: string; key: string; step: number }, MediaRow>((k, p) =>
  k
    .selectFrom('tracked_media')
    .selectAll()
    .where('run_id', '=', p.run_id)
    .where('series_key', '=', p.key)
    .where('step', '<=', p.step)
    .orderBy('step', 'desc')
    .limit(1),
)

export const mediaFrom = query<{ run_id: string; key: string; step: number; limit: number }, MediaRow>(
  (k, p) =>
    k
      .selectFrom('tracked_media')
      .selectAll()
      .where('run_id', '=', p.run_id)
      .where('series_key', '=', p.key)
      .where('step', '>=', p.step)
      .orderBy('step')
      .limit(p.limit),
)

export const deleteMediaOf = query<{ run_id: string }, unknown>((k, p) =>
  k.deleteFrom('tracked_media').where('run_id', '=', p.run_id),
)

/** Keeps what is there: the first definition of a key in a project is the one that counts. */
export const defineSeries = query<DefinitionRow, unknown>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'project_series',
    {
      project_id: p.project_id,
      series_key: p.series_key,
      type: p.type,
      name: p.name,
      section: p.section,
      x_axis: p.x_axis,
      hidden: p.hidden,
    },
    ['project_id', 'series_key'],
    [],
  ),
)

export const definitionsOf = query<{ project_id: string }, DefinitionRow>((k, p) =>
  k.selectFrom('project_series').selectAll().where('project_id', '=', p.project_id),
)
