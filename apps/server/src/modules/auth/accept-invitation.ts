import type { Language } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { emitInvitation } from './create-invitation.ts'
import type { Decision, LetIn } from './factors/let-in.ts'
import { letIn, letInReply } from './factors/let-in.ts'
import { shortestPasswordOf } from './factors/shortest-password.ts'
import { createUserRow } from './insert-user.ts'
import { linkUsedBy } from './links.repo.ts'
import { goodLink, useLink } from './one-time-links.ts'
import { checkNewPassword, hashPassword } from './password.ts'
import type { Device } from './sessions.ts'
import { newSessionId } from './sessions.ts'
import { joinGroups } from './people/join-groups.ts'

export interface AcceptInput {
  token: string
  name: string
  password: string
  language?: Language | undefined
}

/**
 * Makes the account that an invitation is for, with the role it was given, and signs in, or says what that role asks
 * for first.
 * @throws AppError `auth.link-…`, `auth.password-too-short`, `auth.password-common`, `auth.email-taken`.
 */
export async function acceptInvitation(ctx: Context, input: AcceptInput, device: Device): Promise<LetIn> {
  const { platform } = ctx
  const { read } = platform.db
  // Looked at before the costly hash, and used up inside the transaction.
  const link = await goodLink(ctx, read, input.token, 'invitation')
  checkNewPassword(input.password, link.mail, await shortestPasswordOf(read, link.role))
  const passwordHash = await hashPassword(input.password)
  const session = { id: newSessionId(), device }
  let decision: Decision | undefined
  const { name, language = null } = input
  const user = await createUserRow(
    ctx,
    { email: link.mail, name, role: link.role, passwordHash, language },
    {
      first: async (tx) => void (await useLink(ctx, tx, input.token, 'invitation')),
      then: async (tx, made) => {
        await tx.run(linkUsedBy, { id: link.id, userId: made.id })
        await joinGroups(tx, link.group_ids, made.id)
        tx.audit(
          'invitation.accepted',
          { kind: 'invitation', id: link.id },
          { email: link.mail, userId: made.id },
        )
        emitInvitation(tx, link.id, 'deleted')
        decision = await letIn(ctx, tx, made, { way: 'password', session })
      },
    },
  )
  if (!decision) throw new AppError('platform.internal')
  return letInReply(platform, user, decision)
}
