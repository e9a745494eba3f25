import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { sessionProved } from './factors/factors.repo.ts'
import { requireRecentProof } from './factors/recent-proof.ts'
import { shortestPasswordOf } from './factors/shortest-password.ts'
import { withdrawByOpenKey } from './links.repo.ts'
import { passwordKey } from './one-time-links.ts'
import { checkNewPassword, hashPassword, verifyPassword } from './password.ts'
import { endSessionsIn } from './sessions.ts'
import { passwordAttempts } from './sign-in.ts'
import { attemptSucceeded, enterAttempt } from './throttle.ts'
import { setPasswordHash, userById } from './users.repo.ts'

/**
 * Changes the actor's own password, or gives a first one to whoever has none; every other session of theirs ends.
 * Only signed in, never by a key: a key that leaked would else become the account.
 * @throws AppError `auth.forbidden`, `auth.wrong-password`, `auth.proof-needed`, `auth.throttled`,
 * `auth.password-too-short`, `auth.password-common`.
 */
export async function changePassword(
  ctx: Context,
  input: { current?: string | undefined; password: string },
): Promise<void> {
  const { actor, platform } = ctx
  if (actor.kind !== 'user') throw new AppError('auth.forbidden')
  const user = await platform.db.read.first(userById, { id: actor.userId })
  if (!user) throw new AppError('auth.session-ended')
  const attempts = passwordAttempts(ctx, user.mail_key)
  if (user.password_hash === null) {
    await requireRecentProof(ctx)
  } else {
    await enterAttempt(platform, attempts)
    if (!(await verifyPassword(input.current ?? '', user.password_hash)))
      throw new AppError('auth.wrong-password')
    await platform.db.transaction((tx) => attemptSucceeded(tx, attempts))
  }
  checkNewPassword(input.password, user.mail, await shortestPasswordOf(platform.db.read, user.role))
  const hash = await hashPassword(input.password)
  await write(ctx, async (tx) => {
    const now = platform.clock.now()
    await tx.run(setPasswordHash, { id: user.id, hash, now })
    await tx.run(sessionProved, { id: actor.sessionId, now })
    await tx.run(withdrawByOpenKey, { key: passwordKey(user.id), now })
    const ended = await endSessionsIn(ctx, tx, user.id, actor.sessionId)
    tx.audit('user.password-changed', { kind: 'user', id: user.id }, { endedSessions: ended })
  })
}
