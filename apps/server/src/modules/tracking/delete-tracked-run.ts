import type { Context } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'
import { loadTrackedRun } from './load-tracked.ts'
import type { RunDetail } from './present-tracking.ts'
import { setRunDeleted } from './tracking-pages.repo.ts'
import { detailOf } from './update-tracked-run.ts'

/** Puts a run away; its points stay until it is restored. */
export async function deleteTrackedRun(ctx: Context, id: string): Promise<void> {
  await write(ctx, async (tx) => {
    const { name, owner_id: ownerId, visibility } = await loadTrackedRun(ctx, tx, id, 'manage')
    const now = ctx.platform.clock.now()
    await tx.run(setRunDeleted, { id, deleted_at: now, updated_at: now })
    tx.audit('tracked-run.deleted', { kind: 'tracked-run', id }, { name })
    tx.emit({ kind: 'tracked-run', id, change: 'deleted', ownerId, visibility })
  })
}

export async function restoreTrackedRun(ctx: Context, id: string): Promise<RunDetail> {
  return write(ctx, async (tx) => {
    const row = await loadTrackedRun(ctx, tx, id, 'manage', { deleted: true })
    await tx.run(setRunDeleted, { id, deleted_at: null, updated_at: ctx.platform.clock.now() })
    tx.audit('tracked-run.restored', { kind: 'tracked-run', id }, { name: row.name })
    tx.emit({
      kind: 'tracked-run',
      id,
      change: 'restored',
      ownerId: row.owner_id,
      visibility: row.visibility,
    })
    return detailOf(ctx, tx, id)
  })
}
