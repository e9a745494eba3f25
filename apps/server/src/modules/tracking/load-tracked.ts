import type { ErrorCode, ResourceAction } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { grantsOf, requireCan } from '../auth/index.ts'
import { keptDeletedMs } from './free-deleted.ts'
import { projectById } from './tracking-pages.repo.ts'
import { type ProjectRow, type TrackedRunRow, runById } from './tracking.repo.ts'

interface Options {
  /** It has to be deleted. */
  deleted?: boolean
}

/** Whether a row is there in the asked way; what was deleted long ago has lost its points, and is not restored. */
function isThere(ctx: Context, row: ProjectRow | TrackedRunRow, deleted: boolean): boolean {
  if (row.deleted_at === null) return !deleted
  return deleted && row.deleted_at > ctx.platform.clock.now() - keptDeletedMs
}

async function require(
  ctx: Context,
  reader: Reader,
  kind: 'project' | 'tracked-run',
  row: ProjectRow | TrackedRunRow,
  action: ResourceAction,
  notFound: ErrorCode,
): Promise<void> {
  const grants = row.visibility === 'groups' ? await grantsOf(reader, kind, row.id) : []
  requireCan(ctx, action, { kind, ownerId: row.owner_id, visibility: row.visibility, grants }, notFound)
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
  await require(ctx, reader, 'project', row, action, 'tracking.project-not-found')
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
  await require(ctx, reader, 'tracked-run', row, action, 'tracking.run-not-found')
  return row
}
