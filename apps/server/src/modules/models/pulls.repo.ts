import { defineQuery } from '../../platform/db/index.ts'
import type { ModelTables, PullRow } from './models.tables.ts'

const query = defineQuery<ModelTables>()

export const insertPull = query<PullRow, unknown>((k, p) =>
  k.insertInto('model_pull').values({
    id: p.id,
    connection_id: p.connection_id,
    name: p.name,
    live_key: p.live_key,
    job_id: p.job_id,
    owner_id: p.owner_id,
    state: p.state,
    phase: p.phase,
    completed_bytes: p.completed_bytes,
    total_bytes: p.total_bytes,
    error: p.error,
    created_at: p.created_at,
    ended_at: p.ended_at,
  }),
)

export const pullById = query<{ id: string }, PullRow>((k, p) =>
  k.selectFrom('model_pull').selectAll().where('id', '=', p.id),
)

export const pullByKey = query<{ live_key: string }, PullRow>((k, p) =>
  k.selectFrom('model_pull').selectAll().where('live_key', '=', p.live_key),
)

export const pullsOfConnection = query<{ connection_id: string; limit: number }, PullRow>((k, p) =>
  k
    .selectFrom('model_pull')
    .selectAll()
    .where('connection_id', '=', p.connection_id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(p.limit),
)

/** How far it is; one that has ended stays as it is. */
export const notePull = query<
  Pick<PullRow, 'id' | 'state' | 'phase' | 'completed_bytes' | 'total_bytes'>,
  unknown
>((k, p) =>
  k
    .updateTable('model_pull')
    .set({
      state: p.state,
      phase: p.phase,
      completed_bytes: p.completed_bytes,
      total_bytes: p.total_bytes,
    })
    .where('id', '=', p.id)
    .where('ended_at', 'is', null),
)

export const endPull = query<Pick<PullRow, 'id' | 'state' | 'error' | 'ended_at'>, unknown>((k, p) =>
  k
    .updateTable('model_pull')
    .set({ state: p.state, error: p.error, ended_at: p.ended_at, live_key: null })
    .where('id', '=', p.id)
    .where('ended_at', 'is', null),
)
