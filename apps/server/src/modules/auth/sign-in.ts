import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import type { LetIn } from './factors/let-in.ts'
import { letIn, letInReply, unauditedStep } from './factors/let-in.ts'
import { shortestPasswordOf } from './factors/shortest-password.ts'
import { verifyPassword } from './password.ts'
import type { Device } from './sessions.ts'
import { asUser, newSessionId } from './sessions.ts'
import type { Attempt } from './throttle.ts'
import { attemptSucceeded, enterAttempt } from './throttle.ts'
import { userById, userByMail } from './users.repo.ts'

export interface SignedIn {
  reply: RouteReply<'auth.refresh'>
  refreshToken: string
}

/** What is counted where a password is asked for: by the mail that was given, known or not, and by where from. */
export const passwordAttempts = (ctx: Context, mailKey: string): readonly Attempt[] => [
  ['address', ctx.address ?? ''],
  ['account', mailKey],
]

/**
 * Trades mail and password for a session, or for the next step. Whether an account exists, is disabled or has a second
 * factor shows neither in words nor in time until the password is right.
 * @throws AppError `auth.wrong-credentials`, `auth.throttled`.
 */
export async function signIn(
  ctx: Context,
  input: { email: string; password: string },
  device: Device,
): Promise<LetIn> {
  const { platform } = ctx
  const mailKey = input.email.trim().toLowerCase()
  const attempts = passwordAttempts(ctx, mailKey)
  await enterAttempt(platform, attempts)
  const user = await platform.db.read.first(userByMail, { mailKey })
  const right = await verifyPassword(input.password, user?.password_hash ?? null)
  if (!user || !right || user.disabled_at !== null) throw new AppError('auth.wrong-credentials')
  const session = { id: newSessionId(), device }
  const decision = await write(
    asUser(ctx, user, session.id),
    async (tx) => {
      // A new password, or an end of the account, while this one was looked at: nothing is opened by it any more.
      const now = await tx.first(userById, { id: user.id })
      if (!now || now.disabled_at !== null || now.password_hash !== user.password_hash)
        throw new AppError('auth.wrong-credentials')
      await attemptSucceeded(tx, attempts)
      const weak = [...input.password].length < (await shortestPasswordOf(tx, now.role))
      return letIn(ctx, tx, now, { way: 'password', session, weak })
    },
    unauditedStep,
  )
  return letInReply(platform, user, decision)
}
