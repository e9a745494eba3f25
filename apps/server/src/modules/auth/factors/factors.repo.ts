import { sql } from 'kysely'
import { defineQuery } from '../../../platform/db/index.ts'
import type { AuthTables } from '../auth.tables.ts'
import type { PasskeyRow, RecoveryCodeRow, TicketRow, TotpRow } from './factors.tables.ts'

const query = defineQuery<AuthTables>()

export const totpOf = query<{ userId: string }, TotpRow>((k, p) =>
  k.selectFrom('user_totp').selectAll().where('user_id', '=', p.userId),
)

export const insertTotp = query<TotpRow, unknown>((k, p) =>
  k.insertInto('user_totp').values({
    user_id: p.user_id,
    secret: p.secret,
    last_step: p.last_step,
    created_at: p.created_at,
    last_used_at: p.last_used_at,
  }),
)

/** Compare and set: of two who come with one code, the second changes nothing. */
export const takeTotpStep = query<{ userId: string; step: number; now: number }, unknown>((k, p) =>
  k
    .updateTable('user_totp')
    .set({ last_step: p.step, last_used_at: p.now })
    .where('user_id', '=', p.userId)
    .where('last_step', '<', p.step),
)

export const deleteTotp = query<{ userId: string }, unknown>((k, p) =>
  k.deleteFrom('user_totp').where('user_id', '=', p.userId),
)

export const passkeysOf = query<{ userId: string }, PasskeyRow>((k, p) =>
  k.selectFrom('user_passkey').selectAll().where('user_id', '=', p.userId).orderBy('id'),
)

export const passkeyByCredential = query<{ hash: string }, PasskeyRow>((k, p) =>
  k.selectFrom('user_passkey').selectAll().where('credential_hash', '=', p.hash),
)

export const insertPasskey = query<PasskeyRow, unknown>((k, p) =>
  k.insertInto('user_passkey').values({
    id: p.id,
    user_id: p.user_id,
    name: p.name,
    credential_hash: p.credential_hash,
    credential_id: p.credential_id,
    public_key: p.public_key,
    counter: p.counter,
    transports: p.transports,
    synced: p.synced,
    created_at: p.created_at,
    last_used_at: p.last_used_at,
  }),
)

/** A key that counts must count on from what is stored; one that does not always says 0. */
export const passkeyUsed = query<{ id: string; counter: number; was: number; now: number }, unknown>((k, p) =>
  k
    .updateTable('user_passkey')
    .set({ counter: p.counter, last_used_at: p.now })
    .where('id', '=', p.id)
    .where('counter', '=', p.was),
)

export const namePasskey = query<{ id: string; userId: string; name: string }, unknown>((k, p) =>
  k.updateTable('user_passkey').set({ name: p.name }).where('id', '=', p.id).where('user_id', '=', p.userId),
)

export const deletePasskey = query<{ id: string; userId: string }, unknown>((k, p) =>
  k.deleteFrom('user_passkey').where('id', '=', p.id).where('user_id', '=', p.userId),
)

export const deletePasskeysOf = query<{ userId: string }, unknown>((k, p) =>
  k.deleteFrom('user_passkey').where('user_id', '=', p.userId),
)

export const recoveryCodesOf = query<{ userId: string }, RecoveryCodeRow>((k, p) =>
  k.selectFrom('recovery_code').selectAll().where('user_id', '=', p.userId).orderBy('id'),
)

export const insertRecoveryCode = query<RecoveryCodeRow, unknown>((k, p) =>
  k.insertInto('recovery_code').values({
    id: p.id,
    user_id: p.user_id,
    hash: p.hash,
    created_at: p.created_at,
    used_at: p.used_at,
  }),
)

export const takeRecoveryCode = query<{ id: string; now: number }, unknown>((k, p) =>
  k.updateTable('recovery_code').set({ used_at: p.now }).where('id', '=', p.id).where('used_at', 'is', null),
)

export const deleteRecoveryCodes = query<{ userId: string }, unknown>((k, p) =>
  k.deleteFrom('recovery_code').where('user_id', '=', p.userId),
)

export const insertTicket = query<TicketRow, unknown>((k, p) =>
  k.insertInto('auth_ticket').values({
    id: p.id,
    hash: p.hash,
    purpose: p.purpose,
    user_id: p.user_id,
    session_id: p.session_id,
    stamp: p.stamp,
    way: p.way,
    factor: p.factor,
    weak: p.weak,
    challenge: p.challenge,
    secret: p.secret,
    tries: p.tries,
    created_at: p.created_at,
    expires_at: p.expires_at,
    used_at: p.used_at,
  }),
)

export const ticketByHash = query<{ hash: string }, TicketRow>((k, p) =>
  k.selectFrom('auth_ticket').selectAll().where('hash', '=', p.hash),
)

/** Counts a try before its outcome is known; changes nothing where there have been too many. */
export const tryTicket = query<{ id: string; now: number; most: number }, unknown>((k, p) =>
  k
    .updateTable('auth_ticket')
    .set({ tries: sql<number>`tries + 1` })
    .where('id', '=', p.id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', p.now)
    .where('tries', '<', p.most),
)

export const setTicketChallenge = query<{ id: string; challenge: string }, unknown>((k, p) =>
  k.updateTable('auth_ticket').set({ challenge: p.challenge }).where('id', '=', p.id),
)

export const setTicketSecret = query<{ id: string; secret: string }, unknown>((k, p) =>
  k.updateTable('auth_ticket').set({ secret: p.secret }).where('id', '=', p.id).where('secret', 'is', null),
)

/** Compare and set: a ticket ends one thing. */
export const useTicketRow = query<{ id: string; now: number }, unknown>((k, p) =>
  k.updateTable('auth_ticket').set({ used_at: p.now }).where('id', '=', p.id).where('used_at', 'is', null),
)

export const deleteOldTickets = query<{ before: number }, unknown>((k, p) =>
  k.deleteFrom('auth_ticket').where('expires_at', '<', p.before),
)

export const deleteTicketsOf = query<{ userId: string }, unknown>((k, p) =>
  k.deleteFrom('auth_ticket').where('user_id', '=', p.userId),
)

export const sessionProved = query<{ id: string; now: number }, unknown>((k, p) =>
  k
    .updateTable('auth_session')
    .set({ proved_at: p.now })
    .where('id', '=', p.id)
    .where('ended_at', 'is', null),
)
