import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { actorUserId } from '../auth/index.ts'
import { modelNames } from '../models/index.ts'
import { listOwn } from './list-own.queries.ts'
import { presentSummary } from './present.ts'

/** Own comparisons, the last used first; with `search`, those whose title holds every word of it. */
export async function listComparisons(
  ctx: Context,
  query: RouteHandlerInput<'compare.list'>['query'],
): Promise<RouteReply<'compare.list'>> {
  const search = query.search?.trim() || undefined
  const rows = await listOwn(ctx.platform.db.read, search, {
    owner_id: actorUserId(ctx.actor),
    ...decodeCursor(query.cursor),
    limit: query.limit + 1,
  })
  const names = await modelNames(ctx.platform)
  return toPage(
    rows,
    query.limit,
    (row) => ({ at: row.used_at, id: row.id }),
    (row) => presentSummary(row, names),
  )
}
