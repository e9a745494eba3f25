import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { forget } from './ended.ts'
import { goodLink, useLink } from './one-time-links.ts'
import { checkNewPassword, hashPassword } from './password.ts'
import type { Device } from './sessions.ts'
import { asUser, endSessionsIn, insertSessionFor, newSessionId } from './sessions.ts'
import type { SignedIn } from './sign-in.ts'
import { signedInReply } from './signed-in.ts'
import { setPasswordHash, userById } from './users.repo.ts'

/**
 * Sets a new password by a one-time link, ends every session that the old one opened, and signs in.
 * @throws AppError `auth.link-…`, `auth.password-too-short`, `auth.password-common`.
 */
export async function resetPassword(
  ctx: Context,
  input: { token: string; password: string },
  device: Device,
): Promise<SignedIn> {
  const { platform } = ctx
  const link = await goodLink(ctx, platform.db.read, input.token, 'password')
  checkNewPassword(input.password, link.mail)
  const hash = await hashPassword(input.password)
  const session = { id: newSessionId(), device }
  const { user, refreshToken } = await write(ctx, async (tx) => {
    const { user_id: userId } = await useLink(ctx, tx, input.token, 'password')
    const found = userId === null ? undefined : await tx.first(userById, { id: userId })
    const now = platform.clock.now()
    const done = found && (await tx.run(setPasswordHash, { id: found.id, hash, now }))
    if (!found || !done?.changes) throw new AppError('auth.link-withdrawn')
    await endSessionsIn(ctx, tx, found.id)
    tx.audit('user.password-reset', { kind: 'user', id: found.id }, { email: found.mail })
    tx.afterCommit(() => forget(platform, { userId: found.id }))
    const as = asUser(ctx, found, session.id)
    return { user: found, refreshToken: await insertSessionFor(as, tx, found, session) }
  })
  return { reply: await signedInReply(platform, user, session.id), refreshToken }
}
