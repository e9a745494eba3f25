import { type Reader, defineQuery } from '../../../../platform/db/index.ts'
import { type VisibleParams, visibleTo } from '../../../auth/index.ts'
import type { ProjectRow, TrackedRunRow } from '../../tracking.repo.ts'

/** What an export is to hold; it is made when its link is opened. */
export interface ExportRow {
  id: string
  owner_id: string
  request: string
  created_at: number
}

interface Tables {
  project: ProjectRow
  tracked_run: TrackedRunRow
  tracked_export: ExportRow
}

export interface RunFilter {
  projectId?: string
  cuids?: readonly string[]
  /** Of a training run's key, which reaches that run alone. */
  trainingRunId: string | null
  limit: number
  offset?: number
}

export interface ProjectFilter {
  workspace: string
  /** Lower-cased; empty finds all. */
  search: string
  sort: 'name' | 'created_at' | 'updated_at'
  limit: number
  offset: number
}

const query = defineQuery<Tables>()

/** Runs that the actor may read, newest first. */
export function visibleRuns(
  reader: Reader,
  visible: VisibleParams,
  filter: RunFilter,
): Promise<TrackedRunRow[]> {
  return reader.dynamic<Tables, TrackedRunRow>((k) => {
    let rows = k
      .selectFrom('tracked_run')
      .innerJoin('project', 'project.id', 'tracked_run.project_id')
      .selectAll('tracked_run')
      .where('tracked_run.deleted_at', 'is', null)
      .where('project.deleted_at', 'is', null)
      .where((eb) => visibleTo(eb, visible, 'tracked_run', 'tracked-run'))
    if (filter.projectId !== undefined) rows = rows.where('tracked_run.project_id', '=', filter.projectId)
    if (filter.cuids) rows = rows.where('tracked_run.cuid', 'in', filter.cuids)
    if (filter.trainingRunId !== null)
      rows = rows.where('tracked_run.training_run_id', '=', filter.trainingRunId)
    return rows
      .orderBy('tracked_run.created_at', 'desc')
      .orderBy('tracked_run.id', 'desc')
      .limit(filter.limit)
      .offset(filter.offset ?? 0)
  })
}

export async function countVisibleRuns(
  reader: Reader,
  visible: VisibleParams,
  filter: { projectId: string; trainingRunId: string | null },
): Promise<number> {
  const [row] = await reader.dynamic<Tables, { n: number }>((k) => {
    const rows = k
      .selectFrom('tracked_run')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('project_id', '=', filter.projectId)
      .where('deleted_at', 'is', null)
      .where((eb) => visibleTo(eb, visible, 'tracked_run', 'tracked-run'))
    return filter.trainingRunId === null ? rows : rows.where('training_run_id', '=', filter.trainingRunId)
  })
  return Number(row?.n ?? 0)
}

/** Projects of a workspace that the actor may read. */
export function visibleProjects(
  reader: Reader,
  visible: VisibleParams,
  filter: ProjectFilter,
): Promise<ProjectRow[]> {
  return reader.dynamic<Tables, ProjectRow>((k) => {
    let rows = k
      .selectFrom('project')
      .selectAll()
      .where('workspace', '=', filter.workspace)
      .where('deleted_at', 'is', null)
      .where((eb) => visibleTo(eb, visible, 'project', 'project'))
    if (filter.search !== '') {
      const pattern = `%${filter.search.replace(/[!%_]/g, '!$&')}%`
      rows = rows.where((eb) => eb(eb.fn<string>('lower', ['name']), 'like', eb.val(pattern)))
    }
    return rows
      .orderBy(filter.sort, filter.sort === 'name' ? 'asc' : 'desc')
      .orderBy('id', 'desc')
      .limit(filter.limit)
      .offset(filter.offset)
  })
}

/** Workspaces in which the actor may read a project, each with someone who owns one there. */
export function visibleWorkspaces(
  reader: Reader,
  visible: VisibleParams,
): Promise<{ workspace: string; owner_id: string }[]> {
  return reader.dynamic<Tables, { workspace: string; owner_id: string }>((k) =>
    k
      .selectFrom('project')
      .select((eb) => ['workspace', eb.fn.min('owner_id').as('owner_id')])
      .where('deleted_at', 'is', null)
      .where((eb) => visibleTo(eb, visible, 'project', 'project'))
      .groupBy('workspace')
      .orderBy('workspace')
      .limit(1000),
  )
}

export const insertExport = query<ExportRow, unknown>((k, p) =>
  k
    .insertInto('tracked_export')
    .values({ id: p.id, owner_id: p.owner_id, request: p.request, created_at: p.created_at }),
)

export const exportById = query<{ id: string }, ExportRow>((k, p) =>
  k.selectFrom('tracked_export').selectAll().where('id', '=', p.id),
)

export const pruneExports = query<{ before: number }, unknown>((k, p) =>
  k.deleteFrom('tracked_export').where('created_at', '<', p.before),
)
