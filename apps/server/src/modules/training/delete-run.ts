import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { aboutResources } from '../auth/index.ts'
import { runFor } from './load.ts'
import { presentRun } from './present.ts'
import type { RunView } from './run-state.ts'
import { hasEnded } from './run-state.ts'
import { markRunDeleted } from './training.repo.ts'

/** Puts an ended run away; its folder stays, so that this can be undone. Throws `training.still-running`. */
export async function deleteRun(ctx: Context, id: string): Promise<void> {
  await write(ctx, async (tx) => {
    const row = await runFor(ctx, tx, id, 'manage')
    if (!hasEnded(row.state)) throw new AppError('training.still-running')
    const now = ctx.platform.clock.now()
    await tx.run(markRunDeleted, { id, deleted_at: now, updated_at: now })
    const target = { kind: 'training-run', id }
    tx.audit('training-run.deleted', target, { name: row.name })
    tx.emit({ ...target, change: 'deleted', ownerId: row.owner_id, visibility: row.visibility })
  })
}

export async function restoreRun(ctx: Context, id: string): Promise<RunView> {
  return write(ctx, async (tx) => {
    const row = await runFor(ctx, tx, id, 'manage', { deleted: true })
    const now = ctx.platform.clock.now()
    await tx.run(markRunDeleted, { id, deleted_at: null, updated_at: now })
    const target = { kind: 'training-run', id }
    tx.audit('training-run.restored', target, { name: row.name })
    tx.emit({ ...target, change: 'restored', ownerId: row.owner_id, visibility: row.visibility })
    const shown = { ...row, deleted_at: null, updated_at: now, version: row.version + 1 }
    return presentRun(shown, await aboutResources(tx, ctx.actor, 'training-run', [shown]))
  })
}
