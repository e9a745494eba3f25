import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import type { HandlerIo } from '../../../platform/http/index.ts'
import { write } from '../../../platform/write.ts'
import type { UserRow } from '../auth.tables.ts'
import { letIn, letInReply, unauditedStep } from '../factors/let-in.ts'
import { deviceOf, enter } from '../refresh-cookie.ts'
import { asUser, newSessionId } from '../sessions.ts'
import { userById } from '../users.repo.ts'

/**
 * Lets in someone who comes by a redirect; gives where their page goes on. What is asked for first stands behind the #,
 * so that its ticket reaches no log.
 */
export async function enterOutside(ctx: Context, io: HandlerIo, user: UserRow, to: string): Promise<string> {
  const session = { id: newSessionId(), device: deviceOf(io) }
  const as = asUser(ctx, user, session.id)
  const decision = await write(
    as,
    async (tx) => {
      const now = await tx.first(userById, { id: user.id })
      if (!now || now.disabled_at !== null) throw new AppError('auth.oidc-disabled')
      return letIn(as, tx, now, { way: 'oidc', session })
    },
    unauditedStep,
  )
  const reply = enter(ctx, io, await letInReply(ctx.platform, user, decision))
  const target: Record<string, string> = to === '/' ? {} : { to }
  if (!('next' in reply)) return `/sign-in?${new URLSearchParams({ in: '1', ...target })}`
  const step = new URLSearchParams({
    next: reply.next,
    ticket: reply.ticket,
    methods: reply.methods.join(' '),
  })
  return `/sign-in?${new URLSearchParams(target)}#${step}`
}
