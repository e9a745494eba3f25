import { sql } from 'kysely'
import { defineQuery } from '../../platform/db/index.ts'
import type { AuthTables, RefreshTokenRow, SessionRow, SigningKeyRow } from './auth.tables.ts'

const query = defineQuery<AuthTables>()

export const sessionById = query<{ id: string }, SessionRow>((k, p) =>
  k.selectFrom('auth_session').selectAll().where('id', '=', p.id),
)

export const insertSession = query<SessionRow, unknown>((k, p) =>
  k.insertInto('auth_session').values({
    id: p.id,
    user_id: p.user_id,
    user_agent: p.user_agent,
    address: p.address,
    created_at: p.created_at,
    last_seen_at: p.last_seen_at,
    expires_at: p.expires_at,
    ended_at: p.ended_at,
    proved_at: p.proved_at,
    way: p.way,
    factor: p.factor,
  }),
)

export const liveSessionsBefore = query<
  { userId: string; before: string; now: number; limit: number },
  SessionRow
>((k, p) =>
  k
    .selectFrom('auth_session')
    .selectAll()
    .where('user_id', '=', p.userId)
    .where('id', '<', p.before)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', p.now)
    .orderBy('id', 'desc')
    .limit(p.limit),
)

export const openSessionIds = query<{ userId: string }, { id: string }>((k, p) =>
  k.selectFrom('auth_session').select('id').where('user_id', '=', p.userId).where('ended_at', 'is', null),
)

export const countLiveSessions = query<{ userId: string; now: number }, { n: number | string }>((k, p) =>
  k
    .selectFrom('auth_session')
    .select(sql<number>`count(*)`.as('n'))
    .where('user_id', '=', p.userId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', p.now),
)

/** Sessions that are over, by an end or by time, and what is left of them. */
export const sessionsOver = query<{ before: number; limit: number }, { id: string }>((k, p) =>
  k
    .selectFrom('auth_session')
    .select('id')
    .where((eb) => eb.or([eb('ended_at', '<', p.before), eb('expires_at', '<', p.before)]))
    .limit(p.limit),
)

export const deleteTokensOf = query<{ sessionId: string }, unknown>((k, p) =>
  k.deleteFrom('refresh_token').where('session_id', '=', p.sessionId),
)

export const deleteSessionRow = query<{ id: string }, unknown>((k, p) =>
  k.deleteFrom('auth_session').where('id', '=', p.id),
)

export const endSessionRow = query<{ id: string; now: number }, unknown>((k, p) =>
  k.updateTable('auth_session').set({ ended_at: p.now }).where('id', '=', p.id).where('ended_at', 'is', null),
)

export const sessionSeen = query<
  { id: string; now: number; expiresAt: number; address: string | null },
  unknown
>((k, p) =>
  k
    .updateTable('auth_session')
    .set({ last_seen_at: p.now, expires_at: p.expiresAt, address: p.address })
    .where('id', '=', p.id),
)

export const refreshTokenByHash = query<{ hash: string }, RefreshTokenRow>((k, p) =>
  k.selectFrom('refresh_token').selectAll().where('hash', '=', p.hash),
)

export const insertRefreshToken = query<{ hash: string; sessionId: string; now: number }, unknown>((k, p) =>
  k.insertInto('refresh_token').values({
    hash: p.hash,
    session_id: p.sessionId,
    created_at: p.now,
    replaced_at: null,
    successor: null,
  }),
)

/** Compare and set: changes one row only for the first who comes. */
export const replaceRefreshToken = query<{ hash: string; now: number; successor: string }, unknown>((k, p) =>
  k
    .updateTable('refresh_token')
    .set({ replaced_at: p.now, successor: p.successor })
    .where('hash', '=', p.hash)
    .where('replaced_at', 'is', null),
)

/** Once the grace is over, the successor of a replaced token is nobody's business. */
export const forgetSuccessors = query<{ sessionId: string; before: number }, unknown>((k, p) =>
  k
    .updateTable('refresh_token')
    .set({ successor: null })
    .where('session_id', '=', p.sessionId)
    .where('successor', 'is not', null)
    .where('replaced_at', '<', p.before),
)

export const deleteOldTokens = query<{ sessionId: string; before: number }, unknown>((k, p) =>
  k.deleteFrom('refresh_token').where('session_id', '=', p.sessionId).where('replaced_at', '<', p.before),
)

export const signingKeys = query<Record<never, never>, SigningKeyRow>((k) =>
  k.selectFrom('signing_key').selectAll().orderBy('created_at', 'desc').orderBy('kid', 'desc'),
)

export const insertSigningKey = query<SigningKeyRow, unknown>((k, p) =>
  k.insertInto('signing_key').values({
    kid: p.kid,
    public_key: p.public_key,
    private_key: p.private_key,
    created_at: p.created_at,
  }),
)

export const newestSigningKey = query<Record<never, never>, SigningKeyRow>((k) =>
  k.selectFrom('signing_key').selectAll().orderBy('created_at', 'desc').orderBy('kid', 'desc').limit(1),
)

export const deleteSigningKeysBefore = query<{ before: number }, unknown>((k, p) =>
  k.deleteFrom('signing_key').where('created_at', '<', p.before),
)
