import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { AppError } from '../../platform/errors.ts'
import { actorUserId } from './can.ts'
import { presentSession } from './present.ts'
import { liveSessionsBefore } from './sessions.repo.ts'
import { userById } from './users.repo.ts'

interface Page {
  cursor?: string | undefined
  limit: number
}

async function sessionsOf(
  ctx: Context,
  userId: string,
  query: Page,
): Promise<RouteReply<'auth.listSessions'>> {
  const rows = await ctx.platform.db.read.all(liveSessionsBefore, {
    userId,
    before: decodeCursor(query.cursor).id,
    now: ctx.platform.clock.now(),
    limit: query.limit + 1,
  })
  const own = ctx.actor.kind === 'user' ? ctx.actor.sessionId : null
  return toPage(
    rows,
    query.limit,
    (row) => ({ at: row.created_at, id: row.id }),
    (row) => presentSession(row, own),
  )
}

/** The actor's own live sessions, newest first. */
export function listSessions(ctx: Context, query: Page): Promise<RouteReply<'auth.listSessions'>> {
  return sessionsOf(ctx, actorUserId(ctx.actor), query)
}

/**
 * Another's live sessions, newest first.
 * @throws AppError `auth.account-not-found`.
 */
export async function listUserSessions(
  ctx: Context,
  userId: string,
  query: Page,
): Promise<RouteReply<'auth.listUserSessions'>> {
  if (!(await ctx.platform.db.read.first(userById, { id: userId })))
    throw new AppError('auth.account-not-found')
  return sessionsOf(ctx, userId, query)
}
