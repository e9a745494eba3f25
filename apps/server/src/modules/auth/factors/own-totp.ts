import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { write } from '../../../platform/write.ts'
import { addTotpIn, emitFactors, firstCodesIn, firstStep } from './add-factor.ts'
import { deleteTotp } from './factors.repo.ts'
import { requirePerson } from './prove.ts'
import { requireRecentProof } from './recent-proof.ts'
import { newCodeSet } from './recovery-codes.ts'
import { afterRemovalIn } from './remove-factor.ts'
import { countTry, insertTicketFor, ownTicket, useTicket } from './tickets.ts'
import { newTotpSecret, totpAddress } from './totp.ts'

/**
 * The secret of a new authenticator; nothing changes until a code of it has come.
 * @throws AppError `auth.proof-needed`.
 */
export async function beginTotp(ctx: Context): Promise<RouteReply<'auth.beginTotp'>> {
  const { platform } = ctx
  const { actor, user } = await requirePerson(ctx)
  await requireRecentProof(ctx)
  const secret = newTotpSecret()
  const stored = platform.secrets.encrypt(secret)
  const input = {
    purpose: 'add-totp' as const,
    user_id: user.id,
    session_id: actor.sessionId,
    secret: stored,
  }
  const ticket = await platform.db.transaction((tx) => insertTicketFor(ctx, tx, input))
  return { ticket, secret, uri: totpAddress(secret, user.mail) }
}

/**
 * Confirms a new authenticator; gives recovery codes to whoever has none.
 * @throws AppError `auth.proof-needed`, `auth.ticket-unknown`, `auth.wrong-code`.
 */
export async function addTotp(
  ctx: Context,
  input: { ticket: string; code: string },
): Promise<RouteReply<'auth.addTotp'>> {
  const { user } = await requirePerson(ctx)
  await requireRecentProof(ctx)
  const ticket = await ownTicket(ctx, input.ticket, 'add-totp')
  await countTry(ctx, ticket)
  const step = firstStep(ctx, ticket, input.code)
  const codes = await newCodeSet()
  return write(ctx, async (tx) => {
    await useTicket(ctx, tx, ticket)
    await addTotpIn(ctx, tx, ticket, { userId: user.id, step })
    return { recoveryCodes: await firstCodesIn(ctx, tx, user.id, codes) }
  })
}

/**
 * Removes the authenticator.
 * @throws AppError `auth.proof-needed`, `auth.factor-not-found`; `auth.factor-required` where the role needs one and
 * this is the last.
 */
export async function removeTotp(ctx: Context): Promise<void> {
  const { user } = await requirePerson(ctx)
  await requireRecentProof(ctx)
  await write(ctx, async (tx) => {
    const { changes } = await tx.run(deleteTotp, { userId: user.id })
    if (changes === 0) throw new AppError('auth.factor-not-found')
    await afterRemovalIn(tx, user)
    tx.audit('factor.totp-removed', { kind: 'user', id: user.id })
    emitFactors(tx, user.id)
  })
}
