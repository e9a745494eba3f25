import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { fromJson } from '../../platform/db/index.ts'
import { badRowsAfter } from './datasets.repo.ts'
import { datasetFor } from './load.ts'

type Reason = RouteReply<'datasets.badRows'>['items'][number]['reason']

/** Rows that were set aside, in their order; the first thousand are kept. */
export async function readBadRows(
  ctx: Context,
  id: string,
  query: RouteHandlerInput<'datasets.badRows'>['query'],
): Promise<RouteReply<'datasets.badRows'>> {
  const { read } = ctx.platform.db
  const { version_id } = await datasetFor(ctx, read, id, 'read')
  const after = Number(query.cursor ?? 0) || 0
  const rows = await read.all(badRowsAfter, { version_id, after, limit: query.limit + 1 })
  const items = rows.slice(0, query.limit).map((row) => ({
    row: Number(row.row_no),
    reason: { code: row.reason, params: fromJson<Reason['params']>(row.params) },
    excerpt: row.excerpt,
  }))
  const last = items.at(-1)
  return { items, nextCursor: rows.length > query.limit && last ? String(last.row) : null }
}
