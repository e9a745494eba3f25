import type { Context } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'
import { hashToken } from './random-token.ts'
import { asUser, endSessionIn } from './sessions.ts'
import { refreshTokenByHash, sessionById } from './sessions.repo.ts'
import { userById } from './users.repo.ts'

/** The session that a request speaks for: its access token's, else its refresh cookie's. */
async function sessionIdOf(ctx: Context, refreshToken: string | null): Promise<string | null> {
  if (ctx.actor.kind === 'user') return ctx.actor.sessionId
  if (refreshToken === null) return null
  const token = await ctx.platform.db.read.first(refreshTokenByHash, { hash: hashToken(refreshToken) })
  return token?.session_id ?? null
}

/** Ends the sender's session at once, on every server. Without a session there is nothing to do, which is no error. */
export async function signOut(ctx: Context, refreshToken: string | null): Promise<void> {
  const { read } = ctx.platform.db
  const id = await sessionIdOf(ctx, refreshToken)
  const session = id === null ? undefined : await read.first(sessionById, { id })
  if (!session || session.ended_at !== null) return
  const user = await read.first(userById, { id: session.user_id })
  if (!user) return
  const as = asUser(ctx, user, session.id)
  await write(as, (tx) => endSessionIn(as, tx, session, 'session.ended'))
}
