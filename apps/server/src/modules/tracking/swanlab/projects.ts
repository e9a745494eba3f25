import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { write } from '../../../platform/write.ts'
import { actorUserId, requireCan, usersByIds } from '../../auth/index.ts'
import { type ProjectRow, countRuns, projectByName } from '../tracking.repo.ts'
import { projectFor } from '../tracked-runs.ts'
import { textOf } from './parse.ts'

const goodName = /^[0-9A-Za-z_.+-]{1,100}$/

/** A project of a workspace that the actor may read. */
export async function findProject(
  ctx: Context,
  workspace: string,
  name: string,
  action: 'read' | 'edit' = 'read',
): Promise<ProjectRow> {
  const row = await ctx.platform.db.read.first(projectByName, { workspace, name })
  if (!row) throw new AppError('tracking.project-not-found', { name })
  const resource = { kind: 'project' as const, ownerId: row.owner_id, visibility: row.visibility }
  requireCan(ctx, action, resource, 'tracking.project-not-found')
  return row
}

export async function showProject(ctx: Context, row: ProjectRow) {
  const counted = await ctx.platform.db.read.first(countRuns, { project_id: row.id })
  return {
    cuid: row.id,
    name: row.name,
    username: row.workspace,
    path: `/${row.workspace}/${row.name}`,
    visibility: row.visibility === 'everyone' ? 'PUBLIC' : 'PRIVATE',
    version: 1,
    group: { username: row.workspace },
    _count: { experiments: Number(counted?.n ?? 0) },
  }
}

/** Makes a project in the actor's own workspace; one that is there already is given back. */
export async function createProject(
  ctx: Context,
  workspace: string | null,
  body: Record<string, unknown>,
): Promise<{ row: ProjectRow; made: boolean }> {
  const userId = actorUserId(ctx.actor)
  const own = (await usersByIds(ctx.platform.db.read, [userId])).get(userId)?.workspace ?? ''
  if (workspace !== null && workspace !== own) throw new AppError('auth.forbidden')
  const name = textOf(body['name'], 100)
  if (!goodName.test(name)) throw new AppError('platform.invalid-input')
  const present = await ctx.platform.db.read.first(projectByName, { workspace: own, name })
  if (present) return { row: present, made: false }
  const row = await write(ctx, async (tx) => {
    const project = await projectFor(tx, {
      workspace: own,
      name,
      ownerId: userId,
      now: ctx.platform.clock.now(),
      visibility: body['visibility'] === 'PUBLIC' ? 'everyone' : 'private',
    })
    tx.audit('project.created', { kind: 'project', id: project.id }, { name })
    return project
  })
  return { row, made: true }
}
