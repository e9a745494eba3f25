import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { actorUserId } from './can.ts'
import { requireRank } from './ranks.ts'
import { endSessionIn, endSessionsIn } from './sessions.ts'
import { sessionById } from './sessions.repo.ts'
import { userById } from './users.repo.ts'

/**
 * Ends a session at once, on every server: one's own, or anybody's by whoever manages users.
 * @throws AppError `auth.session-not-found`, for another's session too.
 */
export async function endSession(ctx: Context, id: string): Promise<void> {
  const userId = actorUserId(ctx.actor)
  await write(ctx, async (tx) => {
    const session = await tx.first(sessionById, { id })
    const owner = session && (await tx.first(userById, { id: session.user_id }))
    if (!session || !owner || session.ended_at !== null) throw new AppError('auth.session-not-found')
    if (owner.id !== userId) {
      const manages = 'permissions' in ctx.actor && ctx.actor.permissions.has('users.manage')
      if (!manages) throw new AppError('auth.session-not-found')
      await requireRank(ctx, tx, owner.role)
    }
    await endSessionIn(ctx, tx, session, 'session.ended')
  })
}

/** Ends every session of the actor but the one that asks. */
export async function endOtherSessions(ctx: Context): Promise<{ ended: number }> {
  const userId = actorUserId(ctx.actor)
  const own = ctx.actor.kind === 'user' ? ctx.actor.sessionId : undefined
  return write(ctx, async (tx) => {
    const ended = await endSessionsIn(ctx, tx, userId, own)
    tx.audit('session.others-ended', { kind: 'user', id: userId }, { ended })
    return { ended }
  })
}

/**
 * Ends every session of a user.
 * @throws AppError `auth.account-not-found`, `auth.role-too-high`.
 */
export async function endUserSessions(ctx: Context, userId: string): Promise<{ ended: number }> {
  return write(ctx, async (tx) => {
    const user = await tx.first(userById, { id: userId })
    if (!user) throw new AppError('auth.account-not-found')
    await requireRank(ctx, tx, user.role)
    const ended = await endSessionsIn(ctx, tx, userId)
    tx.audit('session.all-ended', { kind: 'user', id: userId }, { ended, name: user.name })
    return { ended }
  })
}
