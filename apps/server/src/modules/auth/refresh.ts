import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import type { RefreshTokenRow, SessionRow, UserRow } from './auth.tables.ts'
import { factorsOf, hasFactor } from './factors/has-factors.ts'
import { hashToken, randomToken } from './random-token.ts'
import { roleFacts } from './roles/role-facts.ts'
import { asUser, endSessionIn, sessionIdle, sessionLongest } from './sessions.ts'
import {
  deleteOldTokens,
  forgetSuccessors,
  insertRefreshToken,
  refreshTokenByHash,
  replaceRefreshToken,
  sessionById,
  sessionSeen,
} from './sessions.repo.ts'
import type { SignedIn } from './sign-in.ts'
import { signedInReply } from './signed-in.ts'
import { userById, userSeen } from './users.repo.ts'

/** How long a replaced token still yields its successor: two tabs at once, a reply that was lost on its way. */
export const grace = 20_000
const mostHops = 1000

interface Holder {
  token: RefreshTokenRow
  session: SessionRow
  user: UserRow
}

/** Who holds this token; null where it is unknown, or its session has ended. */
async function holderOf(ctx: Context, refreshToken: string): Promise<Holder | null> {
  const { read } = ctx.platform.db
  const token = await read.first(refreshTokenByHash, { hash: hashToken(refreshToken) })
  const session = token && (await read.first(sessionById, { id: token.session_id }))
  if (!session || session.ended_at !== null || session.expires_at <= ctx.platform.clock.now()) return null
  const user = await read.first(userById, { id: session.user_id })
  return user && user.disabled_at === null ? { token, session, user } : null
}

/** Replaces the session's present token; null where another request did so first. */
async function rotate(ctx: Context, { token, session, user }: Holder): Promise<string | null> {
  const now = ctx.platform.clock.now()
  const next = randomToken()
  const successor = ctx.platform.secrets.encrypt(next)
  const expiresAt = Math.min(now + sessionIdle, session.created_at + sessionLongest)
  return write(
    asUser(ctx, user, session.id),
    async (tx) => {
      const { changes } = await tx.run(replaceRefreshToken, { hash: token.hash, now, successor })
      if (changes === 0) return null
      await tx.run(insertRefreshToken, { hash: hashToken(next), sessionId: session.id, now })
      await tx.run(forgetSuccessors, { sessionId: session.id, before: now - grace })
      await tx.run(deleteOldTokens, { sessionId: session.id, before: now - sessionIdle })
      await tx.run(sessionSeen, {
        id: session.id,
        now,
        expiresAt,
        address: ctx.address?.slice(0, 64) ?? null,
      })
      await tx.run(userSeen, { id: user.id, now })
      return next
    },
    { unaudited: 'token rotations are not audited' },
  )
}

async function endFamily(ctx: Context, { session, user }: Holder): Promise<void> {
  const as = asUser(ctx, user, session.id)
  await write(as, (tx) => endSessionIn(as, tx, session, 'session.reuse-detected'))
}

/** Whether the role asks for a second factor by now that this person has not set up: the next sign-in begins with it. */
async function lacksFactor({ platform }: Context, { user }: Holder): Promise<boolean> {
  const { read } = platform.db
  return (await roleFacts(read, user.role)).secondFactor && !hasFactor(await factorsOf(read, user.id))
}

async function endWithoutFactor(ctx: Context, { session, user }: Holder): Promise<never> {
  const as = asUser(ctx, user, session.id)
  await write(as, (tx) => endSessionIn(as, tx, session, 'session.factor-needed'))
  throw new AppError('auth.factor-needed')
}

/** The token that replaced this one, if that was within the grace. */
async function successorOf(ctx: Context, { token }: Holder): Promise<string | null> {
  const row = await ctx.platform.db.read.first(refreshTokenByHash, { hash: token.hash })
  const since = ctx.platform.clock.now() - (row?.replaced_at ?? 0)
  return row?.successor && since <= grace ? ctx.platform.secrets.decrypt(row.successor) : null
}

async function signedIn(ctx: Context, { session, user }: Holder, refreshToken: string): Promise<SignedIn> {
  return { reply: await signedInReply(ctx.platform, user, session.id), refreshToken }
}

/**
 * Trades a refresh token for a new access token, and for the token that follows it. A token replaced within the grace
 * yields the same successor (or what replaced that in turn); one replaced longer ago was stolen or copied, and ends its
 * whole family. An unknown one is no session, and no alarm.
 * @throws AppError `auth.session-ended`; `auth.factor-needed` where the role asks for a second factor by now.
 */
export async function refresh(ctx: Context, refreshToken: string): Promise<SignedIn> {
  let held = refreshToken
  for (let hop = 0; hop < mostHops; hop += 1) {
    const holder = await holderOf(ctx, held)
    if (!holder) break
    if (await lacksFactor(ctx, holder)) return endWithoutFactor(ctx, holder)
    const current = holder.token.replaced_at === null
    if (current && hop > 0) return signedIn(ctx, holder, held)
    const rotated = current ? await rotate(ctx, holder) : null
    if (rotated !== null) return signedIn(ctx, holder, rotated)
    const successor = await successorOf(ctx, holder)
    if (successor === null) {
      await endFamily(ctx, holder)
      break
    }
    held = successor
  }
  throw new AppError('auth.session-ended')
}
