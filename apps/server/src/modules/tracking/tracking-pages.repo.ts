import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { type Reader, defineQuery } from '../../platform/db/index.ts'
import { type VisibleParams, visibleTo } from '../auth/index.ts'
import type { ProjectRow, TrackedRunRow } from './tracking.repo.ts'

interface Tables {
  project: ProjectRow
  tracked_run: TrackedRunRow
}

export interface CountedProject extends ProjectRow {
  runs: number
  live: number
  last_activity: number
}

interface ProjectFilter {
  workspace: string | null
  /** Lower-cased. */
  search: string | null
  at: number
  id: string
  limit: number
}

const query = defineQuery<Tables>()

const runsByProject = (k: Kysely<Tables>, visible: VisibleParams) =>
  k
    .selectFrom('tracked_run')
    .select((eb) => [
      'tracked_run.project_id',
      eb.fn.countAll<number>().as('runs'),
      sql<number>`sum(case when tracked_run.state = 'running' then 1 else 0 end)`.as('live'),
      eb.fn.max('tracked_run.updated_at').as('last'),
    ])
    .where('tracked_run.deleted_at', 'is', null)
    .where((eb) => visibleTo(eb, visible, 'tracked_run', 'tracked-run'))
    .groupBy('tracked_run.project_id')

const activity = sql<number>`case when r.last is null or project.updated_at > r.last then project.updated_at else r.last end`

const counted = (k: Kysely<Tables>, visible: VisibleParams) =>
  k
    .selectFrom('project')
    .leftJoin(runsByProject(k, visible).as('r'), 'r.project_id', 'project.id')
    .selectAll('project')
    .select([
      sql<number>`coalesce(r.runs, 0)`.as('runs'),
      sql<number>`coalesce(r.live, 0)`.as('live'),
      activity.as('last_activity'),
    ])

const asNumbers = (row: CountedProject): CountedProject => ({
  ...row,
  runs: Number(row.runs),
  live: Number(row.live),
  last_activity: Number(row.last_activity),
})

/** Projects that the actor may see with their runs counted, newest activity first. */
export async function listProjectRows(
  reader: Reader,
  visible: VisibleParams,
  filter: ProjectFilter,
): Promise<CountedProject[]> {
  const rows = await reader.dynamic<Tables, CountedProject>((k) => {
    let found = counted(k, visible)
      .where('project.deleted_at', 'is', null)
      .where((eb) => visibleTo(eb, visible, 'project', 'project'))
      .where(
        sql<boolean>`(${activity} < ${filter.at} or (${activity} = ${filter.at} and project.id < ${filter.id}))`,
      )
    if (filter.workspace !== null) found = found.where('project.workspace', '=', filter.workspace)
    if (filter.search !== null) {
      const pattern = `%${filter.search.replace(/[!%_]/g, '!$&')}%`
      found = found.where(
        sql<boolean>`(lower(project.name) like ${pattern} escape '!' or lower(project.workspace) like ${pattern} escape '!')`,
      )
    }
    return found
      .orderBy(sql`last_activity`, 'desc')
      .orderBy('project.id', 'desc')
      .limit(filter.limit)
  })
  return rows.map(asNumbers)
}

export async function countedProject(
  reader: Reader,
  visible: VisibleParams,
  id: string,
): Promise<CountedProject | undefined> {
  const [row] = await reader.dynamic<Tables, CountedProject>((k) =>
    counted(k, visible).where('project.id', '=', id),
  )
  return row && asNumbers(row)
}

export const projectById = query<{ id: string }, ProjectRow>((k, p) =>
  k.selectFrom('project').selectAll().where('id', '=', p.id),
)

/** Compare-and-set by version. */
export const updateProjectRow = query<
  Pick<ProjectRow, 'id' | 'version' | 'description' | 'visibility' | 'updated_at'>,
  unknown
>((k, p) =>
  k
    .updateTable('project')
    .set((eb) => ({
      version: eb('version', '+', 1),
      description: p.description,
      visibility: p.visibility,
      updated_at: p.updated_at,
    }))
    .where('id', '=', p.id)
    .where('version', '=', p.version)
    .where('deleted_at', 'is', null),
)

/** A project's runs are seen by whom it is seen, but for those that others keep to themselves. */
export const moveRunsVisibility = query<
  { project_id: string; owner_id: string; visibility: ProjectRow['visibility'] },
  unknown
>((k, p) =>
  k
    .updateTable('tracked_run')
    .set((eb) => ({ visibility: p.visibility, version: eb('version', '+', 1) }))
    .where('project_id', '=', p.project_id)
    // What another keeps to themselves stays so; a project that becomes private takes all along.
    .where((eb) => eb.or([eb('owner_id', '=', p.owner_id), eb('visibility', '<>', 'private')])),
)

export const setProjectDeleted = query<
  Pick<ProjectRow, 'id' | 'name' | 'former_name' | 'deleted_at' | 'updated_at'>,
  unknown
>((k, p) =>
  k
    .updateTable('project')
    .set((eb) => ({
      version: eb('version', '+', 1),
      name: p.name,
      former_name: p.former_name,
      deleted_at: p.deleted_at,
      updated_at: p.updated_at,
    }))
    .where('id', '=', p.id),
)

/** What a list of runs is sorted and filtered by; profiles are left where they are. */
export type IndexedRun = Pick<
  TrackedRunRow,
  | 'id'
  | 'name'
  | 'description'
  | 'labels'
  | 'settings'
  | 'state'
  | 'created_at'
  | 'started_at'
  | 'finished_at'
>

export function indexedRuns(
  reader: Reader,
  visible: VisibleParams,
  filter: { projectId: string; state: string | null; limit: number },
): Promise<IndexedRun[]> {
  return reader.dynamic<Tables, IndexedRun>((k) => {
    let rows = k
      .selectFrom('tracked_run')
      .select(['id', 'name', 'description', 'labels', 'settings', 'state', 'created_at', 'started_at'])
      .select('finished_at')
      .where('project_id', '=', filter.projectId)
      .where('deleted_at', 'is', null)
      .where((eb) => visibleTo(eb, visible, 'tracked_run', 'tracked-run'))
    if (filter.state !== null) rows = rows.where('state', '=', filter.state)
    return rows.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(filter.limit)
  })
}

export type ListedRun = Omit<TrackedRunRow, 'profile' | 'colors' | 'arrivals' | 'job' | 'cluster'>

const listed = [
  'id',
  'owner_id',
  'visibility',
  'version',
  'created_at',
  'updated_at',
  'deleted_at',
  'project_id',
  'cuid',
  'name',
  'description',
  'labels',
  'settings',
  'colour',
  'state',
  'training_run_id',
  'heartbeat_at',
  'started_at',
  'finished_at',
] as const

export function runsByIds(reader: Reader, ids: readonly string[]): Promise<ListedRun[]> {
  if (ids.length === 0) return Promise.resolve([])
  return reader.dynamic<Tables, ListedRun>((k) =>
    k.selectFrom('tracked_run').select(listed).where('id', 'in', ids),
  )
}

/** Compare-and-set by version. */
export const updateRunRow = query<
  Pick<
    TrackedRunRow,
    'id' | 'version' | 'name' | 'description' | 'labels' | 'colour' | 'visibility' | 'updated_at'
  >,
  unknown
>((k, p) =>
  k
    .updateTable('tracked_run')
    .set((eb) => ({
      version: eb('version', '+', 1),
      name: p.name,
      description: p.description,
      labels: p.labels,
      colour: p.colour,
      visibility: p.visibility,
      updated_at: p.updated_at,
    }))
    .where('id', '=', p.id)
    .where('version', '=', p.version)
    .where('deleted_at', 'is', null),
)

export const setRunDeleted = query<Pick<TrackedRunRow, 'id' | 'deleted_at' | 'updated_at'>, unknown>((k, p) =>
  k
    .updateTable('tracked_run')
    .set((eb) => ({ version: eb('version', '+', 1), deleted_at: p.deleted_at, updated_at: p.updated_at }))
    .where('id', '=', p.id),
)
