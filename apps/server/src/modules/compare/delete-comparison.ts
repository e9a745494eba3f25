import type { Context } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'
import { markDeleted } from './compare.repo.ts'
import type { ComparisonView } from './compare.tables.ts'
import { comparisonFor } from './load.ts'
import { presentComparison } from './present.ts'
import { stopRunning } from './stop-comparison.ts'

/** Puts a comparison away; answers that are being made are stopped, what was received of them stays. */
export async function deleteComparison(ctx: Context, id: string): Promise<void> {
  await write(ctx, async (tx) => {
    const row = await comparisonFor(ctx, tx, id, 'manage')
    const now = ctx.platform.clock.now()
    await tx.run(markDeleted, { id, deleted_at: now, updated_at: now })
    tx.audit('comparison.deleted', { kind: 'comparison', id })
    tx.emit({ kind: 'comparison', id, change: 'deleted', ownerId: row.owner_id, visibility: row.visibility })
  })
  await stopRunning(ctx, id)
}

/** Undoes the deletion. */
export async function restoreComparison(ctx: Context, id: string): Promise<ComparisonView> {
  return write(ctx, async (tx) => {
    const row = await comparisonFor(ctx, tx, id, 'manage', { deleted: true })
    const now = ctx.platform.clock.now()
    await tx.run(markDeleted, { id, deleted_at: null, updated_at: now })
    tx.audit('comparison.restored', { kind: 'comparison', id })
    tx.emit({ kind: 'comparison', id, change: 'restored', ownerId: row.owner_id, visibility: row.visibility })
    return presentComparison({ ...row, deleted_at: null, updated_at: now, version: row.version + 1 })
  })
}
