import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { forget } from './ended.ts'
import type { LetIn } from './factors/let-in.ts'
import { letIn, letInReply } from './factors/let-in.ts'
import { shortestPasswordOf } from './factors/shortest-password.ts'
import { goodLink, useLink } from './one-time-links.ts'
import { checkNewPassword, hashPassword } from './password.ts'
import type { Device } from './sessions.ts'
import { endSessionsIn, newSessionId } from './sessions.ts'
import { setPasswordHash, userById } from './users.repo.ts'

/**
 * Sets a new password by a one-time link, ends every session that the old one opened, and signs in: a second factor is
 * asked for all the same.
 * @throws AppError `auth.link-…`, `auth.password-too-short`, `auth.password-common`.
 */
export async function resetPassword(
  ctx: Context,
  input: { token: string; password: string },
  device: Device,
): Promise<LetIn> {
  const { platform } = ctx
  const { read } = platform.db
  const link = await goodLink(ctx, read, input.token, 'password')
  const holder = link.user_id === null ? undefined : await read.first(userById, { id: link.user_id })
  checkNewPassword(input.password, link.mail, await shortestPasswordOf(read, holder?.role ?? link.role))
  const hash = await hashPassword(input.password)
  const session = { id: newSessionId(), device }
  const { user, decision } = await write(ctx, async (tx) => {
    const { user_id: userId } = await useLink(ctx, tx, input.token, 'password')
    const found = userId === null ? undefined : await tx.first(userById, { id: userId })
    const now = platform.clock.now()
    const done = found && (await tx.run(setPasswordHash, { id: found.id, hash, now }))
    if (!found || !done?.changes) throw new AppError('auth.link-withdrawn')
    await endSessionsIn(ctx, tx, found.id)
    tx.audit('user.password-reset', { kind: 'user', id: found.id }, { email: found.mail })
    tx.afterCommit(() => forget(platform, { userId: found.id }))
    const changed = { ...found, password_hash: hash }
    return { user: changed, decision: await letIn(ctx, tx, changed, { way: 'link', session }) }
  })
  return letInReply(platform, user, decision)
}
