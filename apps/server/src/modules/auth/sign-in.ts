import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { perPlatform } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { verifyPassword } from './password.ts'
import type { Device } from './sessions.ts'
import { asUser, insertSessionFor, newSessionId } from './sessions.ts'
import { signedInReply } from './signed-in.ts'
import { SignInThrottle } from './throttle.ts'
import { userById, userByMail } from './users.repo.ts'

/** Guesses at passwords, wherever one is asked for. */
export const signInThrottle = perPlatform(() => new SignInThrottle())

export interface SignedIn {
  reply: RouteReply<'auth.signIn'>
  refreshToken: string
}

/**
 * Trades mail and password for a session. Whether an account exists or is disabled shows neither in words nor in time.
 * @throws AppError `auth.wrong-credentials`, `auth.throttled`.
 */
export async function signIn(
  ctx: Context,
  input: { email: string; password: string },
  device: Device,
): Promise<SignedIn> {
  const { platform } = ctx
  const mailKey = input.email.trim().toLowerCase()
  const address = ctx.address ?? ''
  const throttle = signInThrottle(platform)
  throttle.enter(mailKey, address, platform.clock.now())
  const user = await platform.db.read.first(userByMail, { mailKey })
  const right = await verifyPassword(input.password, user?.password_hash ?? null)
  if (!user || !right || user.disabled_at !== null) throw new AppError('auth.wrong-credentials')
  throttle.succeed(mailKey, address)
  const session = { id: newSessionId(), device }
  const as = asUser(ctx, user, session.id)
  const refreshToken = await write(as, async (tx) => {
    // A new password, or an end of the account, while this one was looked at: nothing is opened by it any more.
    const now = await tx.first(userById, { id: user.id })
    if (!now || now.disabled_at !== null || now.password_hash !== user.password_hash)
      throw new AppError('auth.wrong-credentials')
    return insertSessionFor(as, tx, user, session)
  })
  return { reply: await signedInReply(platform, user, session.id), refreshToken }
}
