import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import type { HandlerIo } from '../../../platform/http/index.ts'
import { write } from '../../../platform/write.ts'
import type { UserRow } from '../auth.tables.ts'
import { deviceOf, setRefreshCookie } from '../refresh-cookie.ts'
import { asUser, insertSessionFor, newSessionId } from '../sessions.ts'
import { userById } from '../users.repo.ts'

/** Lets in someone who comes by a redirect; gives where their page goes on. */
export async function enterOutside(ctx: Context, io: HandlerIo, user: UserRow, to: string): Promise<string> {
  const session = { id: newSessionId(), device: deviceOf(io) }
  const as = asUser(ctx, user, session.id)
  const refreshToken = await write(as, async (tx) => {
    const now = await tx.first(userById, { id: user.id })
    if (!now || now.disabled_at !== null) throw new AppError('auth.oidc-disabled')
    return insertSessionFor(as, tx, now, session)
  })
  setRefreshCookie(ctx, io, refreshToken)
  return `/sign-in?${new URLSearchParams({ in: '1', ...(to === '/' ? {} : { to }) })}`
}
