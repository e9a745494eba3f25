import type { Visibility } from '@anneal/contract'
import { defineQuery, upsert } from '../../platform/db/index.ts'

interface ResourceRow {
  id: string
  owner_id: string
  visibility: Visibility
  version: number
  created_at: number
  updated_at: number
  deleted_at: number | null
}

export interface ProjectRow extends ResourceRow {
  workspace: string
  name: string
  description: string | null
  former_name: string | null
}

export interface TrackedRunRow extends ResourceRow {
  project_id: string
  cuid: string
  name: string
  description: string | null
  colors: string | null
  /** JSON array of names; what the SDK calls tags. */
  labels: string | null
  /** What the SDK calls a job type. */
  job: string | null
  /** What the SDK calls a group. */
  cluster: string | null
  state: string
  profile: string
  training_run_id: string | null
  arrivals: number
  heartbeat_at: number | null
  started_at: number | null
  finished_at: number | null
  /** 0 to 7. */
  colour: number | null
  /** The configuration, flat. */
  settings: string | null
}

export interface SessionRow {
  sid_hash: string
  key_hash: string
  expires_at: number
  dropped_at: number | null
  /** Calls whose data was dropped since then. */
  dropped_calls: number | null
}

interface TrackingTables {
  project: ProjectRow
  tracked_run: TrackedRunRow
  tracking_session: SessionRow
}

const query = defineQuery<TrackingTables>()

export const projectByName = query<{ workspace: string; name: string }, ProjectRow>((k, p) =>
  k
    .selectFrom('project')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('name', '=', p.name)
    .where('deleted_at', 'is', null),
)

/** One of the same name that is there already stays as it is: whose it is, is seen by its id. */
export const insertProject = query<ProjectRow, unknown>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'project',
    {
      id: p.id,
      owner_id: p.owner_id,
      visibility: p.visibility,
      version: p.version,
      created_at: p.created_at,
      updated_at: p.updated_at,
      deleted_at: p.deleted_at,
      workspace: p.workspace,
      name: p.name,
      description: p.description,
      former_name: p.former_name,
    },
    ['workspace', 'name'],
    [],
  ),
)

export const runById = query<{ id: string }, TrackedRunRow>((k, p) =>
  k.selectFrom('tracked_run').selectAll().where('id', '=', p.id),
)

export const runInProject = query<{ project_id: string; cuid: string }, TrackedRunRow>((k, p) =>
  k.selectFrom('tracked_run').selectAll().where('project_id', '=', p.project_id).where('cuid', '=', p.cuid),
)

export const runsByCuid = query<{ cuid: string }, TrackedRunRow>((k, p) =>
  k
    .selectFrom('tracked_run')
    .selectAll()
    .where('cuid', '=', p.cuid)
    .where('deleted_at', 'is', null)
    .orderBy('created_at', 'desc'),
)

/** One of the same cuid that is there already stays as it is: whose it is, is seen by its id. */
export const insertRun = query<TrackedRunRow, unknown>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'tracked_run',
    {
      id: p.id,
      owner_id: p.owner_id,
      visibility: p.visibility,
      version: p.version,
      created_at: p.created_at,
      updated_at: p.updated_at,
      deleted_at: p.deleted_at,
      project_id: p.project_id,
      cuid: p.cuid,
      name: p.name,
      description: p.description,
      colors: p.colors,
      labels: p.labels,
      job: p.job,
      cluster: p.cluster,
      state: p.state,
      profile: p.profile,
      training_run_id: p.training_run_id,
      arrivals: p.arrivals,
      heartbeat_at: p.heartbeat_at,
      started_at: p.started_at,
      finished_at: p.finished_at,
      colour: p.colour,
      settings: p.settings,
    },
    ['project_id', 'cuid'],
    [],
  ),
)

/** Runs that a project has had: the next one's colour follows from it. */
export const countEverRuns = query<{ project_id: string }, { n: number }>((k, p) =>
  k
    .selectFrom('tracked_run')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('project_id', '=', p.project_id),
)

export const beginRun = query<
  Pick<
    TrackedRunRow,
    'id' | 'name' | 'description' | 'colors' | 'labels' | 'job' | 'cluster' | 'started_at' | 'updated_at'
  >,
  unknown
>((k, p) =>
  k
    .updateTable('tracked_run')
    .set({
      state: 'running',
      name: p.name,
      description: p.description,
      colors: p.colors,
      labels: p.labels,
      job: p.job,
      cluster: p.cluster,
      started_at: p.started_at,
      heartbeat_at: p.started_at,
      finished_at: null,
      updated_at: p.updated_at,
    })
    .where('id', '=', p.id),
)

export const endRun = query<{ id: string; state: string; finished_at: number }, unknown>((k, p) =>
  k
    .updateTable('tracked_run')
    .set({ state: p.state, finished_at: p.finished_at, updated_at: p.finished_at })
    .where('id', '=', p.id),
)

export const beat = query<{ id: string; heartbeat_at: number }, unknown>((k, p) =>
  k.updateTable('tracked_run').set({ heartbeat_at: p.heartbeat_at }).where('id', '=', p.id),
)

/** A deleted run gives its id free. */
export const freeCuid = query<{ id: string; cuid: string }, unknown>((k, p) =>
  k.updateTable('tracked_run').set({ cuid: p.cuid }).where('id', '=', p.id),
)

export const setProfile = query<Pick<TrackedRunRow, 'id' | 'profile' | 'settings' | 'updated_at'>, unknown>(
  (k, p) =>
    k
      .updateTable('tracked_run')
      .set({ profile: p.profile, settings: p.settings, updated_at: p.updated_at })
      .where('id', '=', p.id),
)

export const insertSession = query<SessionRow, unknown>((k, p) =>
  k.insertInto('tracking_session').values({
    sid_hash: p.sid_hash,
    key_hash: p.key_hash,
    expires_at: p.expires_at,
    dropped_at: p.dropped_at,
    dropped_calls: p.dropped_calls,
  }),
)

export const sessionByHash = query<{ sid_hash: string }, SessionRow>((k, p) =>
  k.selectFrom('tracking_session').selectAll().where('sid_hash', '=', p.sid_hash),
)

/** Compare-and-set, so that the dropping is said once. */
export const markDropped = query<{ sid_hash: string; dropped_at: number }, unknown>((k, p) =>
  k
    .updateTable('tracking_session')
    .set({ dropped_at: p.dropped_at })
    .where('sid_hash', '=', p.sid_hash)
    .where('dropped_at', 'is', null),
)

export const countDropped = query<{ sid_hash: string; calls: number }, unknown>((k, p) =>
  k
    .updateTable('tracking_session')
    .set((eb) => ({
      dropped_calls: eb(eb.fn.coalesce('dropped_calls', eb.lit(0)), '+', p.calls),
    }))
    .where('sid_hash', '=', p.sid_hash),
)

export const pruneSessions = query<{ before: number }, unknown>((k, p) =>
  k.deleteFrom('tracking_session').where('expires_at', '<', p.before),
)
