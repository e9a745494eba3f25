import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { write } from '../../../platform/write.ts'
import { actorUserId, usersByIds, visibleParams } from '../../auth/index.ts'
import { loadProject } from '../load-tracked.ts'
import { type ProjectRow, projectByName } from '../tracking.repo.ts'
import { projectFor } from '../tracked-runs.ts'
import { countVisibleRuns } from './api/api.repo.ts'
import { textOf } from './parse.ts'

const goodName = /^[0-9A-Za-z_.+-]{1,100}$/

/** A project of a workspace that the actor may read. */
export async function findProject(
  ctx: Context,
  workspace: string,
  name: string,
  action: 'read' | 'use' = 'read',
): Promise<ProjectRow> {
  const { read } = ctx.platform.db
  const row = await read.first(projectByName, { workspace, name })
  if (!row) throw new AppError('tracking.project-not-found', { name })
  return loadProject(ctx, read, row.id, action)
}

/** A project as the SDK reads it; runs that the asker may not see are not counted. */
export async function showProject(ctx: Context, row: ProjectRow) {
  const trainingRunId = ctx.actor.kind === 'key' ? ctx.actor.trainingRunId : null
  const filter = { projectId: row.id, trainingRunId }
  const experiments = await countVisibleRuns(ctx.platform.db.read, visibleParams(ctx.actor), filter)
  return {
    cuid: row.id,
    name: row.name,
    username: row.workspace,
    path: `${row.workspace}/${row.name}`,
    description: row.description ?? '',
    visibility: row.visibility === 'everyone' ? 'PUBLIC' : 'PRIVATE',
    version: 1,
    group: { username: row.workspace, name: row.workspace, type: 'PERSON' },
    projectLabels: [],
    _count: { experiments, contributors: 1, collaborators: 0, clones: 0 },
    createdAt: new Date(Number(row.created_at)).toISOString(),
    updatedAt: new Date(Number(row.updated_at)).toISOString(),
  }
}

function mayMake({ actor }: Context): boolean {
  if (actor.kind === 'key' && actor.trainingRunId !== null) return false
  return 'permissions' in actor && actor.permissions.has('tracking.write')
}

/** A project of someone else's workspace is written to where it is shared, and never made. */
async function foreignProject(ctx: Context, workspace: string, name: string): Promise<ProjectRow> {
  try {
    return await findProject(ctx, workspace, name, 'use')
  } catch (cause) {
    // A 404 would send the SDK on to an older way of making it.
    if (cause instanceof AppError && cause.status === 404) throw new AppError('auth.forbidden', {}, { cause })
    throw cause
  }
}

/** Makes a project in the actor's own workspace; one that is there already is given back. */
export async function createProject(
  ctx: Context,
  workspace: string | null,
  body: Record<string, unknown>,
): Promise<{ row: ProjectRow; made: boolean }> {
  const ownerId = actorUserId(ctx.actor)
  const own = (await usersByIds(ctx.platform.db.read, [ownerId])).get(ownerId)?.workspace ?? ''
  const name = textOf(body['name'], 101)
  if (!goodName.test(name)) throw new AppError('tracking.bad-project-name', { name })
  if (workspace !== null && workspace !== own)
    return { row: await foreignProject(ctx, workspace, name), made: false }
  const present = await ctx.platform.db.read.first(projectByName, { workspace: own, name })
  if (present) return { row: present, made: false }
  if (!mayMake(ctx)) throw new AppError('auth.forbidden')
  const visibility = body['visibility'] === 'PUBLIC' ? 'everyone' : 'private'
  const now = ctx.platform.clock.now()
  return write(
    ctx,
    async (tx) => {
      const project = await projectFor(tx, { workspace: own, name, ownerId, now, visibility })
      const { id } = project.row
      if (project.made) tx.audit('project.created', { kind: 'project', id }, { name })
      return project
    },
    { unaudited: 'another request has just made it' },
  )
}
