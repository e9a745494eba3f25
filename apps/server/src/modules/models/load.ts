import type { ResourceAction } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { grantsOf, requireCan } from '../auth/index.ts'
import { connectionById } from './connections.repo.ts'
import { modelById } from './models.repo.ts'
import type { ConnectionRow, ModelWithConnection } from './models.tables.ts'

interface LoadOptions {
  deleted?: boolean
}

/** A connection that the actor may do `action` with; 404 for anyone who may not even read it. */
export async function connectionFor(
  ctx: Context,
  reader: Reader,
  id: string,
  action: ResourceAction,
  options: LoadOptions = {},
): Promise<ConnectionRow> {
  const row = await reader.first(connectionById, { id })
  if (!row || (row.deleted_at !== null) !== (options.deleted ?? false)) {
    throw new AppError('models.connection-not-found')
  }
  const grants = await grantsOf(reader, 'connection', id)
  const resource = { kind: 'connection' as const, ownerId: row.owner_id, visibility: row.visibility, grants }
  requireCan(ctx, action, resource, 'models.connection-not-found')
  return row
}

/** A model that the actor may do `action` with; 404 for anyone who may not even read it. */
export async function modelFor(
  ctx: Context,
  reader: Reader,
  id: string,
  action: ResourceAction,
  options: LoadOptions = {},
): Promise<ModelWithConnection> {
  const row = await reader.first(modelById, { id })
  if (!row || (row.deleted_at !== null) !== (options.deleted ?? false)) throw new AppError('models.not-found')
  const grants = await grantsOf(reader, 'model', id)
  const resource = { kind: 'model' as const, ownerId: row.owner_id, visibility: row.visibility, grants }
  requireCan(ctx, action, resource, 'models.not-found')
  return row
}
