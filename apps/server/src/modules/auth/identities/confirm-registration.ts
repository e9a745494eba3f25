import type { Language } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Decision, LetIn } from '../factors/let-in.ts'
import { letIn, letInReply } from '../factors/let-in.ts'
import { shortestPasswordOf } from '../factors/shortest-password.ts'
import { createUserRow } from '../insert-user.ts'
import { linkUsedBy } from '../links.repo.ts'
import { goodLink, useLink } from '../one-time-links.ts'
import { checkNewPassword, hashPassword } from '../password.ts'
import type { Device } from '../sessions.ts'
import { newSessionId } from '../sessions.ts'
import { registrationOf } from './registration.settings.ts'

export interface ConfirmInput {
  token: string
  name: string
  password: string
  language?: Language | undefined
}

/**
 * Makes the account whose address a link has confirmed, with the role that registration gives now, and signs in,
 * or says what that role asks for first.
 * @throws AppError `auth.link-…`, `auth.registration-…`, `auth.password-…`, `auth.email-taken`.
 */
export async function confirmRegistration(ctx: Context, input: ConfirmInput, device: Device): Promise<LetIn> {
  const { platform } = ctx
  const link = await goodLink(ctx, platform.db.read, input.token, 'registration')
  // As it is set now: a link from before it was turned off makes nothing.
  const { role } = await registrationOf(ctx, link.mail)
  checkNewPassword(input.password, link.mail, await shortestPasswordOf(platform.db.read, role))
  const passwordHash = await hashPassword(input.password)
  const session = { id: newSessionId(), device }
  let decision: Decision | undefined
  const { name, language = null } = input
  const user = await createUserRow(
    ctx,
    { email: link.mail, name, role, passwordHash, language },
    {
      first: async (tx) => void (await useLink(ctx, tx, input.token, 'registration')),
      then: async (tx, made) => {
        await tx.run(linkUsedBy, { id: link.id, userId: made.id })
        tx.audit('registration.confirmed', { kind: 'user', id: made.id }, { email: link.mail })
        decision = await letIn(ctx, tx, made, { way: 'password', session })
      },
    },
  )
  if (!decision) throw new AppError('platform.internal')
  return letInReply(platform, user, decision)
}
