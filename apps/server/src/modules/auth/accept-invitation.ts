import type { Language } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { emitInvitation } from './create-invitation.ts'
import { createUserRow } from './insert-user.ts'
import { linkUsedBy } from './links.repo.ts'
import { goodLink, useLink } from './one-time-links.ts'
import { checkNewPassword, hashPassword } from './password.ts'
import type { Device } from './sessions.ts'
import { asUser, insertSessionFor, newSessionId } from './sessions.ts'
import type { SignedIn } from './sign-in.ts'
import { signedInReply } from './signed-in.ts'

export interface AcceptInput {
  token: string
  name: string
  password: string
  language?: Language | undefined
}

/**
 * Makes the account that an invitation is for, with the role it was given, and signs in.
 * @throws AppError `auth.link-…`, `auth.password-too-short`, `auth.password-common`, `auth.email-taken`.
 */
export async function acceptInvitation(ctx: Context, input: AcceptInput, device: Device): Promise<SignedIn> {
  const { platform } = ctx
  // Looked at before the costly hash, and used up inside the transaction.
  const link = await goodLink(ctx, platform.db.read, input.token, 'invitation')
  checkNewPassword(input.password, link.mail)
  const passwordHash = await hashPassword(input.password)
  const session = { id: newSessionId(), device }
  let refreshToken = ''
  const { name, language = null } = input
  const user = await createUserRow(
    ctx,
    { email: link.mail, name, role: link.role, passwordHash, language },
    {
      first: async (tx) => void (await useLink(ctx, tx, input.token, 'invitation')),
      then: async (tx, made) => {
        await tx.run(linkUsedBy, { id: link.id, userId: made.id })
        tx.audit(
          'invitation.accepted',
          { kind: 'invitation', id: link.id },
          { email: link.mail, userId: made.id },
        )
        emitInvitation(tx, link.id, 'deleted')
        refreshToken = await insertSessionFor(asUser(ctx, made, session.id), tx, made, session)
      },
    },
  )
  return { reply: await signedInReply(platform, user, session.id), refreshToken }
}
