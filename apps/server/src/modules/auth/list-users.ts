import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { presentUser } from './present.ts'
import { usersBefore } from './users.repo.ts'

/** Users, newest first. */
export async function listUsers(
  ctx: Context,
  query: { cursor?: string | undefined; limit: number },
): Promise<RouteReply<'auth.listUsers'>> {
  const before = decodeCursor(query.cursor).id
  const rows = await ctx.platform.db.read.all(usersBefore, { before, limit: query.limit + 1 })
  return toPage(rows, query.limit, (row) => ({ at: row.created_at, id: row.id }), presentUser)
}
