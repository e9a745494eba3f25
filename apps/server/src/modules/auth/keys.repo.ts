import { sql } from 'kysely'
import { defineQuery } from '../../platform/db/index.ts'
import type { ApiKeyRow, AuthTables } from './auth.tables.ts'

const query = defineQuery<AuthTables>()

export const keyByHash = query<{ hash: string }, ApiKeyRow>((k, p) =>
  k.selectFrom('api_key').selectAll().where('hash', '=', p.hash),
)

export const liveKeysBefore = query<{ userId: string; before: string; limit: number }, ApiKeyRow>((k, p) =>
  k
    .selectFrom('api_key')
    .selectAll()
    .where('user_id', '=', p.userId)
    .where('id', '<', p.before)
    .where('ended_at', 'is', null)
    .where('training_run_id', 'is', null)
    .orderBy('id', 'desc')
    .limit(p.limit),
)

export const countLiveKeys = query<{ userId: string }, { n: number | string }>((k, p) =>
  k
    .selectFrom('api_key')
    .select(sql<number>`count(*)`.as('n'))
    .where('user_id', '=', p.userId)
    .where('ended_at', 'is', null)
    .where('training_run_id', 'is', null),
)

export const keyById = query<{ id: string }, ApiKeyRow>((k, p) =>
  k.selectFrom('api_key').selectAll().where('id', '=', p.id),
)

export const liveKeysOfRun = query<{ trainingRunId: string }, ApiKeyRow>((k, p) =>
  k
    .selectFrom('api_key')
    .selectAll()
    .where('training_run_id', '=', p.trainingRunId)
    .where('ended_at', 'is', null),
)

export const insertKey = query<ApiKeyRow, unknown>((k, p) =>
  k.insertInto('api_key').values({
    id: p.id,
    user_id: p.user_id,
    name: p.name,
    hash: p.hash,
    ending: p.ending,
    scopes: p.scopes,
    created_at: p.created_at,
    expires_at: p.expires_at,
    last_used_at: p.last_used_at,
    ended_at: p.ended_at,
    training_run_id: p.training_run_id,
  }),
)

export const endKeyRow = query<{ id: string; now: number }, unknown>((k, p) =>
  k.updateTable('api_key').set({ ended_at: p.now }).where('id', '=', p.id).where('ended_at', 'is', null),
)

export const keyUsed = query<{ id: string; now: number }, unknown>((k, p) =>
  k.updateTable('api_key').set({ last_used_at: p.now }).where('id', '=', p.id),
)
