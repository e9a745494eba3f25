import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { emitInvitation } from './create-invitation.ts'
import { linkById, withdrawLinkRow } from './links.repo.ts'

/**
 * Takes an invitation back: its link stops working.
 * @throws AppError `auth.invitation-not-found`.
 */
export async function withdrawInvitation(ctx: Context, id: string): Promise<void> {
  await write(ctx, async (tx) => {
    const row = await tx.first(linkById, { id })
    const isInvitation = row?.purpose === 'invitation'
    const done = isInvitation ? await tx.run(withdrawLinkRow, { id, now: ctx.platform.clock.now() }) : null
    if (!row || !done || done.changes === 0) throw new AppError('auth.invitation-not-found')
    tx.audit('invitation.withdrawn', { kind: 'invitation', id }, { email: row.mail })
    emitInvitation(tx, id, 'deleted')
  })
}
