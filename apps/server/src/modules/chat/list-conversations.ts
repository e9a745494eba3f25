import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { actorUserId } from '../auth/index.ts'
import { modelNames } from '../models/index.ts'
import { listOwn } from './chat.repo.ts'
import { presentSummary } from './present.ts'
import { searchOwn } from './search-own.ts'

/** Own conversations, the last used first; with `search`, those whose title holds every word of it. */
export async function listConversations(
  ctx: Context,
  query: RouteHandlerInput<'chat.listConversations'>['query'],
): Promise<RouteReply<'chat.listConversations'>> {
  const { read } = ctx.platform.db
  const below = { owner_id: actorUserId(ctx.actor), ...decodeCursor(query.cursor), limit: query.limit + 1 }
  const search = query.search?.trim()
  const rows = search ? await searchOwn(read, search, below) : await read.all(listOwn, below)
  const names = await modelNames(ctx.platform)
  return toPage(
    rows,
    query.limit,
    (row) => ({ at: row.used_at, id: row.id }),
    (row) => presentSummary(row, names),
  )
}
