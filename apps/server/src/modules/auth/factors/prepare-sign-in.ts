import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import type { UserRow } from '../auth.tables.ts'
import { enterAttempt } from '../throttle.ts'
import { userById } from '../users.repo.ts'
import { setTicketChallenge, setTicketSecret } from './factors.repo.ts'
import type { TicketRow } from './factors.tables.ts'
import { factorsOf } from './has-factors.ts'
import { authenticationOptions, registrationOptions } from './passkeys.ts'
import { requireRelyingParty } from './relying-party.ts'
import { goodTicket, insertTicketFor, passwordStamp } from './tickets.ts'
import { newTotpSecret, totpAddress } from './totp.ts'

/**
 * Whom a ticket of a sign-in was given to, while the password is still the same.
 * @throws AppError `auth.ticket-unknown`.
 */
export async function holderOf(ctx: Context, ticket: TicketRow): Promise<UserRow> {
  const user = ticket.user_id && (await ctx.platform.db.read.first(userById, { id: ticket.user_id }))
  if (!user || user.disabled_at !== null || passwordStamp(user) !== ticket.stamp)
    throw new AppError('auth.ticket-unknown')
  return user
}

async function preparePasskey(
  ctx: Context,
  ticket: TicketRow,
  user: UserRow,
  origin: string | undefined,
): Promise<RouteReply<'auth.prepareSignIn'>> {
  const party = requireRelyingParty(ctx.platform, origin)
  const { passkeys } = await factorsOf(ctx.platform.db.read, user.id)
  const { options, challenge } =
    ticket.purpose === 'enrol'
      ? await registrationOptions(party, user, passkeys)
      : await authenticationOptions(party, passkeys)
  await ctx.platform.db.transaction((tx) => tx.run(setTicketChallenge, { id: ticket.id, challenge }))
  return { options }
}

/** The same secret each time that a ticket asks, so that a page that is loaded anew shows the code already scanned. */
async function prepareTotp(ctx: Context, ticket: TicketRow, user: UserRow) {
  const { platform } = ctx
  if (ticket.purpose !== 'enrol') throw new AppError('auth.ticket-unknown')
  let secret = ticket.secret === null ? null : platform.secrets.decrypt(ticket.secret)
  if (secret === null) {
    secret = newTotpSecret()
    const stored = platform.secrets.encrypt(secret)
    const { changes } = await platform.db.transaction((tx) =>
      tx.run(setTicketSecret, { id: ticket.id, secret: stored }),
    )
    // Two at once: both are to see the same.
    if (changes === 0) throw new AppError('auth.ticket-unknown')
  }
  return { secret, uri: totpAddress(secret, user.mail) }
}

/**
 * What a step of a sign-in needs before it can be taken.
 * @throws AppError `auth.ticket-unknown`, `auth.passkeys-unavailable`, `auth.passkeys-elsewhere`.
 */
export async function prepareSignIn(
  ctx: Context,
  input: { ticket: string; method: 'totp' | 'passkey' },
  origin: string | undefined,
): Promise<RouteReply<'auth.prepareSignIn'>> {
  const ticket = await goodTicket(ctx, input.ticket, ['second-factor', 'enrol'])
  const user = await holderOf(ctx, ticket)
  return input.method === 'passkey'
    ? preparePasskey(ctx, ticket, user, origin)
    : prepareTotp(ctx, ticket, user)
}

/**
 * Begins a sign-in by passkey alone. Nobody is named: the passkey that the browser finds says who it is.
 * @throws AppError `auth.throttled`, `auth.passkeys-unavailable`, `auth.passkeys-elsewhere`.
 */
export async function beginPasskeySignIn(
  ctx: Context,
  origin: string | undefined,
): Promise<RouteReply<'auth.beginPasskeySignIn'>> {
  const { platform } = ctx
  const party = requireRelyingParty(platform, origin)
  await enterAttempt(platform, [['address', ctx.address ?? '']])
  const { options, challenge } = await authenticationOptions(party, null)
  const ticket = await platform.db.transaction((tx) =>
    insertTicketFor(ctx, tx, { purpose: 'passkey-sign-in', way: 'passkey', challenge }),
  )
  return { ticket, options }
}
