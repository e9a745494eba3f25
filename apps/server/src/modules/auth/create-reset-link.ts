import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { UniqueViolation } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { withdrawByOpenKey } from './links.repo.ts'
import { insertLinkFor, linkAddress, passwordKey } from './one-time-links.ts'
import { requireNoOwnKey, requireRank } from './ranks.ts'
import { userById } from './users.repo.ts'

const attempts = 3

function make(ctx: Context, userId: string): Promise<RouteReply<'auth.createResetLink'>> {
  return write(ctx, async (tx) => {
    const user = await tx.first(userById, { id: userId })
    if (!user) throw new AppError('auth.account-not-found')
    if (user.kind !== 'person') throw new AppError('service.no-person')
    await requireRank(ctx, tx, user.role)
    requireNoOwnKey(ctx, userId)
    if (user.disabled_at !== null) throw new AppError('auth.account-disabled')
    const openKey = passwordKey(userId)
    await tx.run(withdrawByOpenKey, { key: openKey, now: ctx.platform.clock.now() })
    const { row, token } = await insertLinkFor(ctx, tx, {
      purpose: 'password',
      openKey,
      mail: user.mail,
      name: user.name,
      role: user.role,
      userId,
    })
    tx.audit('user.reset-link-created', { kind: 'user', id: userId }, { email: user.mail })
    return {
      link: linkAddress(ctx.platform, 'password', token),
      expiresAt: new Date(row.expires_at).toISOString(),
    }
  })
}

/**
 * A one-time link by which a user sets a new password; an earlier one stops working.
 * @throws AppError `auth.account-not-found`, `auth.account-disabled`, `auth.role-too-high`, `auth.key-of-self`.
 */
export async function createResetLink(
  ctx: Context,
  userId: string,
): Promise<RouteReply<'auth.createResetLink'>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await make(ctx, userId)
    } catch (error) {
      // Another made one at this moment: ours takes its place.
      if (!(error instanceof UniqueViolation) || attempt === attempts) throw error
    }
  }
}
