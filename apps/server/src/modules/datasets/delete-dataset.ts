import type { Context } from '../../platform/context.ts'
import { nameKey, withFreeName } from '../../platform/names/index.ts'
import { write } from '../../platform/write.ts'
import { freeNameOf } from './add-dataset.ts'
import { markDatasetDeleted } from './datasets.repo.ts'
import { datasetFor } from './load.ts'
import { type DatasetView, viewOf } from './present.ts'

/** Puts a dataset away. Runs that were trained on it keep a copy of their rows. */
export async function deleteDataset(ctx: Context, id: string): Promise<void> {
  await write(ctx, async (tx) => {
    const { name, owner_id: ownerId, visibility } = await datasetFor(ctx, tx, id, 'manage')
    const now = ctx.platform.clock.now()
    await tx.run(markDatasetDeleted, { id, name, name_key: id, deleted_at: now, updated_at: now })
    tx.audit('dataset.deleted', { kind: 'dataset', id }, { name })
    tx.emit({ kind: 'dataset', id, change: 'deleted', ownerId, visibility })
  })
}

/** Undoes the deletion; a name that was taken in the meantime gets a number. */
export async function restoreDataset(ctx: Context, id: string): Promise<DatasetView> {
  return withFreeName(() =>
    write(ctx, async (tx) => {
      const row = await datasetFor(ctx, tx, id, 'manage', { deleted: true })
      const name = await freeNameOf(tx, row.owner_id, row.name)
      const next = {
        ...row,
        name,
        name_key: nameKey(name),
        deleted_at: null,
        updated_at: ctx.platform.clock.now(),
      }
      await tx.run(markDatasetDeleted, next)
      tx.audit('dataset.restored', { kind: 'dataset', id }, { name })
      const { owner_id: ownerId, visibility } = row
      tx.emit({ kind: 'dataset', id, change: 'restored', ownerId, visibility })
      return viewOf(ctx, tx, { ...next, version: row.version + 1 })
    }),
  )
}
