import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { actorUserId } from './can.ts'
import { liveKeysBefore } from './keys.repo.ts'
import { presentKey } from './present.ts'

/** The actor's own keys, newest first, without ended ones and those of training runs. */
export async function listKeys(
  ctx: Context,
  query: { cursor?: string | undefined; limit: number },
): Promise<RouteReply<'auth.listKeys'>> {
  const rows = await ctx.platform.db.read.all(liveKeysBefore, {
    userId: actorUserId(ctx.actor),
    before: decodeCursor(query.cursor).id,
    limit: query.limit + 1,
  })
  return toPage(rows, query.limit, (row) => ({ at: row.created_at, id: row.id }), presentKey)
}
