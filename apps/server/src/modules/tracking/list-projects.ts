import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { aboutResources, visibleParams } from '../auth/index.ts'
import { loadProject } from './load-tracked.ts'
import { type ProjectView, presentProject } from './present-tracking.ts'
import { countedProject, listProjectRows } from './tracking-pages.repo.ts'
import { projectByName } from './tracking.repo.ts'

/** Projects that the actor may see, those with the newest activity first. */
export async function listProjects(
  ctx: Context,
  query: RouteHandlerInput<'tracking.projects'>['query'],
): Promise<RouteReply<'tracking.projects'>> {
  const { read } = ctx.platform.db
  const rows = await listProjectRows(read, visibleParams(ctx.actor), {
    search: query.search?.trim().toLowerCase() || null,
    workspace: query.workspace ?? null,
    ...decodeCursor(query.cursor),
    limit: query.limit + 1,
  })
  const about = await aboutResources(read, ctx.actor, 'project', rows)
  return toPage(
    rows,
    query.limit,
    (row) => ({ at: row.last_activity, id: row.id }),
    (row) => presentProject(row, about),
  )
}

/** A project as it is now, with the runs in it that the actor may see. */
export async function projectView(ctx: Context, reader: Reader, id: string): Promise<ProjectView> {
  const row = await countedProject(reader, visibleParams(ctx.actor), id)
  if (!row) throw new AppError('tracking.project-not-found', { name: id })
  return presentProject(row, await aboutResources(reader, ctx.actor, 'project', [row]))
}

export async function getProject(ctx: Context, id: string): Promise<ProjectView> {
  const { read } = ctx.platform.db
  await loadProject(ctx, read, id, 'read')
  return projectView(ctx, read, id)
}

export async function getProjectByName(
  ctx: Context,
  { workspace, project }: { workspace: string; project: string },
): Promise<ProjectView> {
  const row = await ctx.platform.db.read.first(projectByName, { workspace, name: project })
  if (!row) throw new AppError('tracking.project-not-found', { name: project })
  return getProject(ctx, row.id)
}
