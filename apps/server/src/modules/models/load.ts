import type { ResourceAction } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { declareResource, requireAccess } from '../auth/index.ts'
import { connectionById } from './connections.repo.ts'
import { modelById } from './models.repo.ts'
import type { ConnectionRow, ModelWithConnection } from './models.tables.ts'

declareResource({
  kind: 'connection',
  table: 'connection',
  nameColumn: 'name',
  parent: { kind: 'deployment', column: 'deployment_id', grants: 'copied' },
})
declareResource({
  kind: 'model',
  table: 'model',
  nameColumn: 'name',
  parent: { kind: 'deployment', column: 'deployment_id', grants: 'copied' },
})

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
  await requireAccess(ctx, reader, action, 'connection', row, 'models.connection-not-found')
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
  await requireAccess(ctx, reader, action, 'model', row, 'models.not-found')
  return row
}
