import { createHash } from 'node:crypto'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { UserRow } from '../auth.tables.ts'
import { hashToken, randomToken } from '../random-token.ts'
import { insertTicket, ticketByHash, tryTicket, useTicketRow } from './factors.repo.ts'
import type { TicketPurpose, TicketRow } from './factors.tables.ts'

export const ticketLasts = 600_000
export const mostTries = 6

/** Says which password it was, and nothing about it. */
export function passwordStamp(user: Pick<UserRow, 'password_hash'>): string {
  return createHash('sha256')
    .update(`anneal password\0${user.password_hash ?? ''}`)
    .digest('hex')
}

type NewTicket = Pick<TicketRow, 'purpose'> & Partial<TicketRow>

/** Stores a ticket within the caller's transaction; its text is in the result and nowhere else. */
export async function insertTicketFor(ctx: Context, tx: Tx, input: NewTicket): Promise<string> {
  const ticket = randomToken()
  const now = ctx.platform.clock.now()
  await tx.run(insertTicket, {
    user_id: null,
    session_id: null,
    stamp: null,
    way: null,
    factor: null,
    weak: 0,
    challenge: null,
    secret: null,
    ...input,
    id: newId(),
    hash: hashToken(ticket),
    tries: 0,
    created_at: now,
    expires_at: now + ticketLasts,
    used_at: null,
  })
  return ticket
}

/**
 * The ticket of a text, if it is still good for one of these.
 * @throws AppError `auth.ticket-unknown`.
 */
export async function goodTicket(
  ctx: Context,
  text: string,
  purposes: readonly TicketPurpose[],
): Promise<TicketRow> {
  const { platform } = ctx
  const ticket = await platform.db.read.first(ticketByHash, { hash: hashToken(text) })
  const isGood =
    ticket &&
    purposes.includes(ticket.purpose) &&
    ticket.used_at === null &&
    ticket.expires_at > platform.clock.now() &&
    ticket.tries < mostTries
  if (!isGood) throw new AppError('auth.ticket-unknown')
  return ticket
}

/**
 * The same of one that belongs to the actor's own session.
 * @throws AppError `auth.ticket-unknown`.
 */
export async function ownTicket(ctx: Context, text: string, purpose: TicketPurpose): Promise<TicketRow> {
  const ticket = await goodTicket(ctx, text, [purpose])
  const { actor } = ctx
  if (actor.kind !== 'user' || ticket.session_id !== actor.sessionId || ticket.user_id !== actor.userId)
    throw new AppError('auth.ticket-unknown')
  return ticket
}

/**
 * Counts a try, before its outcome is known.
 * @throws AppError `auth.ticket-unknown` after too many.
 */
export async function countTry(ctx: Context, ticket: TicketRow): Promise<void> {
  const now = ctx.platform.clock.now()
  const { changes } = await ctx.platform.db.transaction((tx) =>
    tx.run(tryTicket, { id: ticket.id, now, most: mostTries }),
  )
  if (changes === 0) throw new AppError('auth.ticket-unknown')
}

/**
 * Uses a ticket up within the caller's transaction.
 * @throws AppError `auth.ticket-unknown` for the second of two.
 */
export async function useTicket(ctx: Context, tx: Tx, ticket: TicketRow): Promise<void> {
  const { changes } = await tx.run(useTicketRow, { id: ticket.id, now: ctx.platform.clock.now() })
  if (changes === 0) throw new AppError('auth.ticket-unknown')
}
