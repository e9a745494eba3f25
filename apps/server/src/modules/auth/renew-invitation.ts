import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { emitInvitation, mailInvitation } from './create-invitation.ts'
import { linkById, renewLinkRow } from './links.repo.ts'
import { linkAddress, linkLasts } from './one-time-links.ts'
import { presentInvitation } from './present.ts'
import { hashToken, randomToken } from './random-token.ts'
import { requireRank } from './ranks.ts'
import { roleFacts } from './roles/role-facts.ts'

/**
 * A new link for an invitation, with all its time; the old one stops working.
 * @throws AppError `auth.invitation-not-found`, `auth.role-too-high`.
 */
export async function renewInvitation(
  ctx: Context,
  id: string,
  sendMail = false,
): Promise<RouteReply<'auth.renewInvitation'>> {
  const token = randomToken()
  return write(ctx, async (tx) => {
    const row = await tx.first(linkById, { id })
    if (row?.purpose !== 'invitation') throw new AppError('auth.invitation-not-found')
    await requireRank(ctx, tx, row.role)
    const expiresAt = ctx.platform.clock.now() + linkLasts.invitation
    const createdBy = 'userId' in ctx.actor ? ctx.actor.userId : null
    const { changes } = await tx.run(renewLinkRow, { id, hash: hashToken(token), expiresAt, by: createdBy })
    if (changes === 0) throw new AppError('auth.invitation-not-found')
    tx.audit('invitation.renewed', { kind: 'invitation', id }, { email: row.mail, role: row.role })
    emitInvitation(tx, id, 'updated')
    const by = 'name' in ctx.actor ? ctx.actor.name : ''
    const shown = presentInvitation(
      { ...row, expires_at: expiresAt },
      by,
      (await roleFacts(tx, row.role)).name,
    )
    const link = linkAddress(ctx.platform, 'invitation', token)
    if (sendMail) await mailInvitation(ctx, tx, row.mail, by, link)
    return { ...shown, link }
  })
}
