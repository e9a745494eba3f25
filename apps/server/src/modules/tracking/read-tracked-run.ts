import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { loadTrackedRun } from './load-tracked.ts'
import { type RunDetail, runDetail } from './present-tracking.ts'
import { projectById } from './tracking-pages.repo.ts'
import { type TrackedRunRow, projectByName, runById, runInProject } from './tracking.repo.ts'

/** A run with all that its script told of itself. One of a deleted project is away with it. */
export async function getTrackedRun(ctx: Context, id: string): Promise<RunDetail> {
  const { read } = ctx.platform.db
  const row = await loadTrackedRun(ctx, read, id, 'read')
  const project = await read.first(projectById, { id: row.project_id })
  if (!project || project.deleted_at !== null) throw new AppError('tracking.run-not-found')
  return runDetail(ctx, read, row, project)
}

/** The same by names: `run` is its id, or the id that its SDK gave it. */
export async function findTrackedRun(
  ctx: Context,
  names: { workspace: string; project: string; run: string },
): Promise<RunDetail> {
  const { read } = ctx.platform.db
  const project = await read.first(projectByName, { workspace: names.workspace, name: names.project })
  const byId = await read.first(runById, { id: names.run })
  const row: TrackedRunRow | undefined =
    project &&
    (byId?.project_id === project.id
      ? byId
      : await read.first(runInProject, { project_id: project.id, cuid: names.run }))
  if (!project || !row) throw new AppError('tracking.run-not-found')
  const readable = await loadTrackedRun(ctx, read, row.id, 'read')
  return runDetail(ctx, read, readable, project)
}
