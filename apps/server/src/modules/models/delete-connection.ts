import type { Context } from '../../platform/context.ts'
import { UniqueViolation } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { nameKey } from '../../platform/names/index.ts'
import { write } from '../../platform/write.ts'
import { connectionFor } from './load.ts'
import { forgetModelNames } from './model-names.ts'
import { markConnectionDeleted } from './connections.repo.ts'
import { markModelDeleted, modelsOfConnection } from './models.repo.ts'
import type { ConnectionView } from './present.ts'
import { connectionView } from './list-models.ts'

/** Puts a connection away, and its models with it. */
export async function deleteConnection(ctx: Context, id: string): Promise<void> {
  await write(ctx, async (tx) => {
    const row = await connectionFor(ctx, tx, id, 'manage')
    if (row.deployment_id !== null) throw new AppError('models.managed')
    const now = ctx.platform.clock.now()
    await tx.run(markConnectionDeleted, { id, name_key: id, deleted_at: now, updated_at: now })
    for (const model of await tx.all(modelsOfConnection, { connection_id: id })) {
      if (model.deleted_at !== null) continue
      await tx.run(markModelDeleted, { id: model.id, name_key: model.id, deleted_at: now, updated_at: now })
      tx.emit({
        kind: 'model',
        id: model.id,
        change: 'deleted',
        ownerId: model.owner_id,
        visibility: model.visibility,
      })
    }
    tx.audit('connection.deleted', { kind: 'connection', id }, { name: row.name })
    tx.emit({ kind: 'connection', id, change: 'deleted', ownerId: row.owner_id, visibility: row.visibility })
  })
}

/** Undoes the deletion: the connection, and those models that went with it. */
export async function restoreConnection(ctx: Context, id: string): Promise<ConnectionView> {
  try {
    return await write(ctx, async (tx) => {
      const row = await connectionFor(ctx, tx, id, 'manage', { deleted: true })
      const now = ctx.platform.clock.now()
      await tx.run(markConnectionDeleted, {
        id,
        name_key: nameKey(row.name),
        deleted_at: null,
        updated_at: now,
      })
      for (const model of await tx.all(modelsOfConnection, { connection_id: id })) {
        if (model.deleted_at !== row.deleted_at) continue
        await tx.run(markModelDeleted, {
          id: model.id,
          name_key: nameKey(model.name),
          deleted_at: null,
          updated_at: now,
        })
        tx.emit({
          kind: 'model',
          id: model.id,
          change: 'restored',
          ownerId: model.owner_id,
          visibility: model.visibility,
        })
      }
      tx.audit('connection.restored', { kind: 'connection', id }, { name: row.name })
      tx.emit({
        kind: 'connection',
        id,
        change: 'restored',
        ownerId: row.owner_id,
        visibility: row.visibility,
      })
      tx.afterCommit(() => forgetModelNames(ctx.platform))
      return connectionView(ctx, tx, { ...row, deleted_at: null, version: row.version + 1, updated_at: now })
    })
  } catch (error) {
    if (error instanceof UniqueViolation)
      throw new AppError('models.name-taken', { name: '' }, { cause: error })
    throw error
  }
}
