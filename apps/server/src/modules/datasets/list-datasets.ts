import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { containing } from '../../platform/names/index.ts'
import { aboutResources, visibleParams } from '../auth/index.ts'
import { filteredDatasetRows, listDatasetRows } from './datasets.repo.ts'
import { datasetFor } from './load.ts'
import { type DatasetView, presentDataset, viewOf } from './present.ts'

/** Datasets that the actor may see, newest first; narrowed to a state, a format, or names that hold a text. */
export async function listDatasets(
  ctx: Context,
  query: RouteHandlerInput<'datasets.list'>['query'],
): Promise<RouteReply<'datasets.list'>> {
  const { read } = ctx.platform.db
  const params = { ...visibleParams(ctx.actor), ...decodeCursor(query.cursor), limit: query.limit + 1 }
  const search = query.search?.trim()
  const { state = '', format = '' } = query
  const rows =
    search || state || format
      ? await read.all(filteredDatasetRows, {
          ...params,
          pattern: search ? containing(search) : '',
          state,
          format,
        })
      : await read.all(listDatasetRows, params)
  const about = await aboutResources(read, ctx.actor, 'dataset', rows)
  return toPage(
    rows,
    query.limit,
    (row) => ({ at: row.created_at, id: row.id }),
    (row) => presentDataset(row, about),
  )
}

export async function getDataset(ctx: Context, id: string): Promise<DatasetView> {
  const { read } = ctx.platform.db
  return viewOf(ctx, read, await datasetFor(ctx, read, id, 'read'))
}
