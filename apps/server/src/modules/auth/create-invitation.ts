import type { Role, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { UniqueViolation, toJson } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import type { WriteTx } from '../../platform/write.ts'
import { write } from '../../platform/write.ts'
import { linkByOpenKey } from './links.repo.ts'
import { insertLinkFor, invitationKey, linkAddress } from './one-time-links.ts'
import { setLinkGroups } from './people/import.repo.ts'
import { presentInvitation } from './present.ts'
import { requireRank } from './ranks.ts'
import { roleFacts } from './roles/role-facts.ts'
import { userByMail } from './users.repo.ts'

export interface InvitationInput {
  email: string
  name?: string | undefined
  role: Role
  sendMail?: boolean | undefined
  /** Whoever accepts it comes into these groups. */
  groupIds?: readonly string[] | undefined
}

/** Whoever manages users hears of a change of an invitation. */
export function emitInvitation(tx: WriteTx, id: string, change: 'created' | 'updated' | 'deleted'): void {
  tx.emit({
    kind: 'invitation',
    id,
    change,
    ownerId: null,
    visibility: 'permission',
    permission: 'users.manage',
  })
}

/** In the words of whoever invites: the other's language is not known yet. */
export async function mailInvitation(
  ctx: Context,
  tx: WriteTx,
  to: string,
  by: string,
  link: string,
): Promise<void> {
  const params = { by, host: new URL(link).host }
  await ctx.platform.mail.enqueue(tx, { to, language: ctx.language, kind: 'invitation', params, link })
}

/**
 * Invites someone; the link is in the reply and is shown this once.
 * @throws AppError `auth.email-taken`, `auth.already-invited`, `auth.role-too-high`, `platform.mail-off`.
 */
export async function createInvitation(
  ctx: Context,
  input: InvitationInput,
): Promise<RouteReply<'auth.createInvitation'>> {
  await requireRank(ctx, ctx.platform.db.read, input.role)
  const { email, role, name = null } = input
  const mailKey = email.toLowerCase()
  const openKey = invitationKey(mailKey)
  const invited = () => new AppError('auth.already-invited', { email })
  try {
    return await write(ctx, async (tx) => {
      if (await tx.first(userByMail, { mailKey })) throw new AppError('auth.email-taken')
      if (await tx.first(linkByOpenKey, { key: openKey })) throw invited()
      const { row, token } = await insertLinkFor(ctx, tx, {
        purpose: 'invitation',
        openKey,
        mail: email,
        name,
        role,
        userId: null,
      })
      if (input.groupIds?.length)
        await tx.run(setLinkGroups, { id: row.id, groupIds: toJson(input.groupIds) })
      tx.audit('invitation.created', { kind: 'invitation', id: row.id }, { email, role })
      emitInvitation(tx, row.id, 'created')
      const by = 'name' in ctx.actor ? ctx.actor.name : ''
      const link = linkAddress(ctx.platform, 'invitation', token)
      if (input.sendMail) await mailInvitation(ctx, tx, email, by, link)
      return {
        ...presentInvitation(row, by, (await roleFacts(tx, role)).name),
        link,
      }
    })
  } catch (error) {
    if (error instanceof UniqueViolation) throw invited()
    throw error
  }
}
