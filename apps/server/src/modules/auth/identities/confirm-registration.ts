import type { Language } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { createUserRow } from '../insert-user.ts'
import { linkUsedBy } from '../links.repo.ts'
import { goodLink, useLink } from '../one-time-links.ts'
import { checkNewPassword, hashPassword } from '../password.ts'
import type { Device } from '../sessions.ts'
import { asUser, insertSessionFor, newSessionId } from '../sessions.ts'
import type { SignedIn } from '../sign-in.ts'
import { signedInReply } from '../signed-in.ts'
import { registrationOf } from './registration.settings.ts'

export interface ConfirmInput {
  token: string
  name: string
  password: string
  language?: Language | undefined
}

/**
 * Makes the account whose address a link has confirmed, with the role that registration gives now, and signs in.
 * @throws AppError `auth.link-…`, `auth.registration-…`, `auth.password-…`, `auth.email-taken`.
 */
export async function confirmRegistration(
  ctx: Context,
  input: ConfirmInput,
  device: Device,
): Promise<SignedIn> {
  const { platform } = ctx
  const link = await goodLink(ctx, platform.db.read, input.token, 'registration')
  // As it is set now: a link from before it was turned off makes nothing.
  const { role } = await registrationOf(ctx, link.mail)
  checkNewPassword(input.password, link.mail)
  const passwordHash = await hashPassword(input.password)
  const session = { id: newSessionId(), device }
  let refreshToken = ''
  const { name, language = null } = input
  const user = await createUserRow(
    ctx,
    { email: link.mail, name, role, passwordHash, language },
    {
      first: async (tx) => void (await useLink(ctx, tx, input.token, 'registration')),
      then: async (tx, made) => {
        await tx.run(linkUsedBy, { id: link.id, userId: made.id })
        tx.audit('registration.confirmed', { kind: 'user', id: made.id }, { email: link.mail })
        refreshToken = await insertSessionFor(asUser(ctx, made, session.id), tx, made, session)
      },
    },
  )
  return { reply: await signedInReply(platform, user, session.id), refreshToken }
}
