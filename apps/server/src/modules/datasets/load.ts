import type { ResourceAction } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { grantsOf, requireCan } from '../auth/index.ts'
import { type FullDataset, datasetById } from './datasets.repo.ts'

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
  const grants = row.visibility === 'groups' ? await grantsOf(reader, 'dataset', id) : []
  const resource = { kind: 'dataset' as const, ownerId: row.owner_id, visibility: row.visibility, grants }
  requireCan(ctx, action, resource, 'datasets.not-found')
  return row
}
