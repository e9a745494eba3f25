import type { Context } from '../../../platform/context.ts'
import { UniqueViolation } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { write } from '../../../platform/write.ts'
import { emitInvitation } from '../create-invitation.ts'
import { linkById, linkByOpenKey, restoreLinkRow } from '../links.repo.ts'
import { invitationKey } from '../one-time-links.ts'
import { requireRank } from '../ranks.ts'
import { userByMail } from '../users.repo.ts'

/**
 * Undoes the withdrawal of an invitation: the link that was sent works again.
 * @throws AppError `auth.invitation-not-found`, `auth.already-invited`, `auth.email-taken`, `auth.role-too-high`.
 */
export async function restoreInvitation(ctx: Context, id: string): Promise<void> {
  try {
    await write(ctx, async (tx) => {
      const row = await tx.first(linkById, { id })
      if (row?.purpose !== 'invitation' || row.withdrawn_at === null || row.used_at !== null)
        throw new AppError('auth.invitation-not-found')
      await requireRank(ctx, tx, row.role)
      const mailKey = row.mail.toLowerCase()
      const key = invitationKey(mailKey)
      if (await tx.first(userByMail, { mailKey })) throw new AppError('auth.email-taken')
      if (await tx.first(linkByOpenKey, { key }))
        throw new AppError('auth.already-invited', { email: row.mail })
      await tx.run(restoreLinkRow, { id, key })
      tx.audit('invitation.restored', { kind: 'invitation', id }, { email: row.mail })
      emitInvitation(tx, id, 'created')
    })
  } catch (error) {
    if (error instanceof UniqueViolation) throw new AppError('auth.already-invited', { email: '' })
    throw error
  }
}
