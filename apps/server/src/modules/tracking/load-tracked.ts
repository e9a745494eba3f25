import type { ResourceAction } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { declareResource, requireAccess } from '../auth/index.ts'
import { keptDeletedMs } from './free-deleted.ts'
import { projectById } from './tracking-pages.repo.ts'
import { type ProjectRow, type TrackedRunRow, runById } from './tracking.repo.ts'

declareResource({ kind: 'project', table: 'project', nameColumn: 'name' })
declareResource({
  kind: 'tracked-run',
  table: 'tracked_run',
  nameColumn: 'name',
  parent: { kind: 'project', column: 'project_id', grants: 'looked-up' },
})

interface Options {
  /** It has to be deleted. */
  deleted?: boolean
}

/** Whether a row is there in the asked way; what was deleted long ago has lost its points, and is not restored. */
function isThere(ctx: Context, row: ProjectRow | TrackedRunRow, deleted: boolean): boolean {
  if (row.deleted_at === null) return !deleted
  return deleted && row.deleted_at > ctx.platform.clock.now() - keptDeletedMs
}

/** A project that the actor may do `action` with; 404 for anyone who may not even read it. */
export async function loadProject(
  ctx: Context,
  reader: Reader,
  id: string,
  action: ResourceAction,
  { deleted = false }: Options = {},
): Promise<ProjectRow> {
  const row = await reader.first(projectById, { id })
  if (!row || !isThere(ctx, row, deleted)) {
    throw new AppError('tracking.project-not-found', { name: row?.name ?? id })
  }
  await requireAccess(ctx, reader, action, 'project', row, 'tracking.project-not-found')
  return row
}

/** A run that the actor may do `action` with; 404 for anyone who may not even read it. */
export async function loadTrackedRun(
  ctx: Context,
  reader: Reader,
  id: string,
  action: ResourceAction,
  { deleted = false }: Options = {},
): Promise<TrackedRunRow> {
  const row = await reader.first(runById, { id })
  if (!row || !isThere(ctx, row, deleted)) throw new AppError('tracking.run-not-found')
  await requireAccess(ctx, reader, action, 'tracked-run', row, 'tracking.run-not-found')
  return row
}
