import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { tellVisibility } from '../auth/index.ts'
import { projectView } from './list-projects.ts'
import { loadProject } from './load-tracked.ts'
import type { ProjectView } from './present-tracking.ts'
import { moveRunsVisibility, updateProjectRow } from './tracking-pages.repo.ts'

type Changes = RouteHandlerInput<'tracking.updateProject'>['body']

/** Changes a project's description, or who sees it, in which its owner's runs follow. */
export async function updateProject(ctx: Context, id: string, input: Changes): Promise<ProjectView> {
  return write(ctx, async (tx) => {
    const row = await loadProject(ctx, tx, id, 'edit')
    if (input.visibility) await loadProject(ctx, tx, id, 'manage')
    const visibility = input.visibility ?? row.visibility
    const { changes } = await tx.run(updateProjectRow, {
      id,
      version: input.version,
      description: input.description ?? row.description,
      visibility,
      updated_at: ctx.platform.clock.now(),
    })
    if (changes === 0) {
      throw new AppError('platform.stale-version', {}, { current: await projectView(ctx, tx, id) })
    }
    const ownerId = row.owner_id
    if (visibility !== row.visibility) {
      await tellVisibility(tx, 'project', row, visibility)
      await tx.run(moveRunsVisibility, { project_id: id, owner_id: ownerId, visibility })
    }
    const changed = Object.keys(input).filter((field) => field !== 'version')
    tx.audit('project.updated', { kind: 'project', id }, { changed, name: row.name })
    tx.emit({ kind: 'project', id, change: 'updated', ownerId, visibility })
    return projectView(ctx, tx, id)
  })
}
