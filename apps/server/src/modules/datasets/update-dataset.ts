import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { UniqueViolation } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { nameKey } from '../../platform/names/index.ts'
import { write } from '../../platform/write.ts'
import { type FullDataset, updateDatasetRow } from './datasets.repo.ts'
import { tellVisibility } from '../auth/index.ts'
import { datasetFor } from './load.ts'
import { type DatasetView, viewOf } from './present.ts'

type Changes = RouteHandlerInput<'datasets.update'>['body']

/** Renames a dataset or changes who sees it. A stale version answers 409 with what is there now. */
export async function updateDataset(ctx: Context, id: string, input: Changes): Promise<DatasetView> {
  try {
    return await write(ctx, async (tx) => {
      const row = await datasetFor(ctx, tx, id, 'edit')
      if (input.visibility) await datasetFor(ctx, tx, id, 'manage')
      const next: FullDataset = {
        ...row,
        name: input.name ?? row.name,
        name_key: nameKey(input.name ?? row.name),
        visibility: input.visibility ?? row.visibility,
        updated_at: ctx.platform.clock.now(),
      }
      const { changes } = await tx.run(updateDatasetRow, { ...next, version: input.version })
      if (changes === 0) {
        // Read again: whoever was first has been stored since.
        const current = await datasetFor(ctx, tx, id, 'edit')
        throw new AppError('platform.stale-version', {}, { current: await viewOf(ctx, tx, current) })
      }
      await tellVisibility(tx, 'dataset', row, next.visibility)
      const changed = Object.keys(input).filter((field) => field !== 'version')
      tx.audit('dataset.updated', { kind: 'dataset', id }, { changed, name: next.name })
      const { owner_id: ownerId, visibility } = next
      tx.emit({ kind: 'dataset', id, change: 'updated', ownerId, visibility })
      return viewOf(ctx, tx, { ...next, version: row.version + 1 })
    })
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error
    throw new AppError('datasets.name-taken', { name: input.name ?? '' }, { cause: error })
  }
}
