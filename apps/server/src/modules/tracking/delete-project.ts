import type { Context } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { write } from '../../platform/write.ts'
import { projectView } from './list-projects.ts'
import { loadProject } from './load-tracked.ts'
import type { ProjectView } from './present-tracking.ts'
import { setProjectDeleted } from './tracking-pages.repo.ts'
import { projectByName } from './tracking.repo.ts'

/** Puts a project away with its runs; its name is free for the next one. */
export async function deleteProject(ctx: Context, id: string): Promise<void> {
  await write(ctx, async (tx) => {
    const { name, owner_id: ownerId, visibility } = await loadProject(ctx, tx, id, 'manage')
    const now = ctx.platform.clock.now()
    await tx.run(setProjectDeleted, { id, name: id, former_name: name, deleted_at: now, updated_at: now })
    tx.audit('project.deleted', { kind: 'project', id }, { name })
    tx.emit({ kind: 'project', id, change: 'deleted', ownerId, visibility })
  })
}

async function freeName(tx: Tx, workspace: string, wanted: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted.slice(0, 95)}-${number}`
    if (!(await tx.first(projectByName, { workspace, name }))) return name
  }
}

/** Undoes the deletion; a name that was taken meanwhile gets a number. */
export async function restoreProject(ctx: Context, id: string): Promise<ProjectView> {
  return write(ctx, async (tx) => {
    const row = await loadProject(ctx, tx, id, 'manage', { deleted: true })
    const name = await freeName(tx, row.workspace, row.former_name ?? row.name)
    const now = ctx.platform.clock.now()
    await tx.run(setProjectDeleted, { id, name, former_name: null, deleted_at: null, updated_at: now })
    tx.audit('project.restored', { kind: 'project', id }, { name })
    tx.emit({
      kind: 'project',
      id,
      change: 'restored',
      ownerId: row.owner_id,
      visibility: row.visibility,
    })
    return projectView(ctx, tx, id)
  })
}
