import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context, UserActor } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { write } from '../../../platform/write.ts'
import type { UserRow } from '../auth.tables.ts'
import { verifyPassword } from '../password.ts'
import { passwordAttempts } from '../sign-in.ts'
import type { Attempt } from '../throttle.ts'
import { attemptSucceeded, enterAttempt } from '../throttle.ts'
import { userById } from '../users.repo.ts'
import type { Checked } from './check-factor.ts'
import { checkFactor } from './check-factor.ts'
import { sessionProved } from './factors.repo.ts'
import { factorsOf } from './has-factors.ts'
import { authenticationOptions } from './passkeys.ts'
import { requireRelyingParty } from './relying-party.ts'
import { countTry, insertTicketFor, ownTicket, useTicket } from './tickets.ts'

type Input = RouteHandlerInput<'auth.prove'>['body']

/**
 * The person who is signed in; never a key.
 * @throws AppError `auth.session-needed`, `auth.session-ended`.
 */
export async function requirePerson(ctx: Context): Promise<{ actor: UserActor; user: UserRow }> {
  const { actor } = ctx
  if (actor.kind !== 'user') throw new AppError('auth.session-needed')
  const user = await ctx.platform.db.read.first(userById, { id: actor.userId })
  if (!user) throw new AppError('auth.session-ended')
  return { actor, user }
}

/**
 * Options for a proof by passkey.
 * @throws AppError `auth.passkeys-unavailable`, `auth.passkeys-elsewhere`.
 */
export async function beginProof(
  ctx: Context,
  origin: string | undefined,
): Promise<RouteReply<'auth.beginProof'>> {
  const { platform } = ctx
  const { actor, user } = await requirePerson(ctx)
  const party = requireRelyingParty(platform, origin)
  const { passkeys } = await factorsOf(platform.db.read, user.id)
  const { options, challenge } = await authenticationOptions(party, passkeys)
  const input = { purpose: 'proof' as const, user_id: user.id, session_id: actor.sessionId, challenge }
  return { ticket: await platform.db.transaction((tx) => insertTicketFor(ctx, tx, input)), options }
}

async function checkPassword(user: UserRow, password: string): Promise<Pick<Checked, 'spend'>> {
  if (!(await verifyPassword(password, user.password_hash))) throw new AppError('auth.wrong-password')
  return { spend: async () => undefined }
}

async function checkOwnPasskey(
  ctx: Context,
  user: UserRow,
  input: Extract<Input, { method: 'passkey' }>,
  origin: string | undefined,
): Promise<Pick<Checked, 'spend'>> {
  const party = requireRelyingParty(ctx.platform, origin)
  const ticket = await ownTicket(ctx, input.ticket, 'proof')
  await countTry(ctx, ticket)
  const { challenge } = ticket
  const checked = await checkFactor(ctx, user.id, {
    method: 'passkey',
    response: input.response,
    challenge,
    party,
  })
  return {
    async spend(tx) {
      await useTicket(ctx, tx, ticket)
      await checked.spend(tx)
    },
  }
}

/**
 * Proves anew who is there, by password or factor; `requireRecentProof` is content for ten minutes.
 * @throws AppError `auth.wrong-password`, `auth.wrong-code`, `auth.passkey-refused`, `auth.throttled`.
 */
export async function prove(ctx: Context, input: Input, origin: string | undefined): Promise<void> {
  const { platform } = ctx
  const { actor, user } = await requirePerson(ctx)
  const attempts: readonly Attempt[] =
    input.method === 'password' ? passwordAttempts(ctx, user.mail_key) : [['factor', user.id]]
  await enterAttempt(platform, attempts)
  const checked = await (input.method === 'password'
    ? checkPassword(user, input.password)
    : input.method === 'passkey'
      ? checkOwnPasskey(ctx, user, input, origin)
      : checkFactor(ctx, user.id, input))
  await write(ctx, async (tx) => {
    await attemptSucceeded(tx, attempts)
    await checked.spend(tx)
    const now = platform.clock.now()
    const { changes } = await tx.run(sessionProved, { id: actor.sessionId, now })
    if (changes === 0) throw new AppError('auth.session-ended')
    tx.audit('session.proved', { kind: 'session', id: actor.sessionId }, { method: input.method })
  })
}
