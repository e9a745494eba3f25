import { type Migration, databaseNow, defineQuery, upsert } from '../db/index.ts'

export interface JobRow {
  id: string
  kind: string
  /** Set while it lives: one live job a key. */
  live_key: string | null
  state: string
  payload: string
  owner_id: string | null
  node_id: string | null
  lease_until: number | null
  attempt: number
  progress: number
  note: string | null
  result: string | null
  error: string | null
  cancel_requested: number
  created_at: number
  started_at: number | null
  ended_at: number | null
}

const query = defineQuery<{ job: JobRow }>()

export const jobsMigrations: Migration[] = [
  {
    id: 'jobs.001-job',
    statements: (words) => [
      words.createTable('job', {
        id: `${words.id} not null primary key`,
        kind: `${words.text(60)} not null`,
        live_key: words.text(200),
        state: `${words.text(20)} not null`,
        payload: `${words.json} not null`,
        owner_id: words.id,
        node_id: words.id,
        lease_until: words.time,
        attempt: `${words.int} not null`,
        progress: `${words.double} not null`,
        note: words.json,
        result: words.json,
        error: words.json,
        cancel_requested: `${words.bool} not null`,
        created_at: `${words.time} not null`,
        started_at: words.time,
        ended_at: words.time,
      }),
      words.createIndex('job_live', 'job', ['live_key'], true),
      words.createIndex('job_state', 'job', ['state', 'kind', 'id']),
    ],
  },
]

/** Adds it, unless one of its key lives: then nothing is changed. */
export const insertJob = query<
  Pick<JobRow, 'id' | 'kind' | 'live_key' | 'payload' | 'owner_id' | 'created_at'>,
  unknown
>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'job',
    {
      id: p.id,
      kind: p.kind,
      live_key: p.live_key,
      state: 'queued',
      payload: p.payload,
      owner_id: p.owner_id,
      node_id: null,
      lease_until: null,
      attempt: 0,
      progress: 0,
      note: null,
      result: null,
      error: null,
      cancel_requested: 0,
      created_at: p.created_at,
      started_at: null,
      ended_at: null,
    },
    ['live_key'],
    [],
  ),
)

export const jobById = query<{ id: string }, JobRow>((k, p) =>
  k.selectFrom('job').selectAll().where('id', '=', p.id),
)

export const jobByKey = query<{ live_key: string }, JobRow>((k, p) =>
  k.selectFrom('job').selectAll().where('live_key', '=', p.live_key),
)

export const queuedOf = query<{ kind: string; limit: number }, JobRow>((k, p) =>
  k
    .selectFrom('job')
    .selectAll()
    .where('state', '=', 'queued')
    .where('kind', '=', p.kind)
    .orderBy('id')
    .limit(p.limit),
)

/** Compare-and-set: a queued job is taken once. */
export const takeJob = query<{ id: string; node_id: string; attempt: number; ms: number }, unknown>(
  (k, p, dialect) =>
    k
      .updateTable('job')
      .set((eb) => ({
        state: 'running',
        node_id: p.node_id,
        lease_until: eb(databaseNow(dialect), '+', p.ms),
        started_at: databaseNow(dialect),
        attempt: eb('attempt', '+', 1),
      }))
      .where('id', '=', p.id)
      .where('attempt', '=', p.attempt)
      .where('state', '=', 'queued'),
)

export const renewJob = query<
  { id: string; node_id: string; attempt: number; ms: number; progress: number; note: string | null },
  unknown
>((k, p, dialect) =>
  k
    .updateTable('job')
    .set((eb) => ({
      lease_until: eb(databaseNow(dialect), '+', p.ms),
      progress: p.progress,
      note: p.note,
    }))
    .where('id', '=', p.id)
    .where('node_id', '=', p.node_id)
    .where('attempt', '=', p.attempt)
    .where('state', '=', 'running'),
)

export const endJob = query<
  Pick<JobRow, 'id' | 'attempt' | 'state' | 'progress' | 'result' | 'error'>,
  unknown
>((k, p, dialect) =>
  k
    .updateTable('job')
    .set({
      state: p.state,
      live_key: null,
      lease_until: null,
      progress: p.progress,
      result: p.result,
      error: p.error,
      ended_at: databaseNow(dialect),
    })
    .where('id', '=', p.id)
    .where('attempt', '=', p.attempt)
    .where('state', '=', 'running'),
)

/** Back to the queue, for whoever takes it: its server is gone. */
export const requeueLapsed = query<Record<never, never>, unknown>((k, _, dialect) =>
  k
    .updateTable('job')
    .set({ state: 'queued', node_id: null, lease_until: null })
    .where('state', '=', 'running')
    .where((eb) => eb('lease_until', '<', databaseNow(dialect))),
)

/** The same for this node's own, at its start: nobody else can be at them. */
export const requeueOwn = query<{ node_id: string }, unknown>((k, p) =>
  k
    .updateTable('job')
    .set({ state: 'queued', node_id: null, lease_until: null })
    .where('state', '=', 'running')
    .where('node_id', '=', p.node_id),
)

export const requestCancel = query<{ id: string }, unknown>((k, p) =>
  k
    .updateTable('job')
    .set({ cancel_requested: 1 })
    .where('id', '=', p.id)
    .where('state', 'in', ['queued', 'running']),
)

export const cancelQueued = query<{ id: string }, unknown>((k, p, dialect) =>
  k
    .updateTable('job')
    .set({ state: 'cancelled', live_key: null, ended_at: databaseNow(dialect) })
    .where('id', '=', p.id)
    .where('state', '=', 'queued'),
)
