import type { ResourceAction } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { declareResource, requireAccess } from '../auth/index.ts'
import { type FullDataset, datasetById } from './datasets.repo.ts'

declareResource({ kind: 'dataset', table: 'dataset', nameColumn: 'name' })

/** A dataset that the actor may do `action` with; 404 for anyone who may not even read it. */
export async function datasetFor(
  ctx: Context,
  reader: Reader,
  id: string,
  action: ResourceAction,
  options: { deleted?: boolean } = {},
): Promise<FullDataset> {
  const row = await reader.first(datasetById, { id })
  if (!row || (row.deleted_at !== null) !== (options.deleted ?? false)) {
    throw new AppError('datasets.not-found')
  }
  await requireAccess(ctx, reader, action, 'dataset', row, 'datasets.not-found')
  return row
}
