import { defineQuery } from '../../platform/db/index.ts'
import type { AuthTables, OneTimeLinkRow } from './auth.tables.ts'

const query = defineQuery<AuthTables>()

export const linkByToken = query<{ hash: string }, OneTimeLinkRow>((k, p) =>
  k.selectFrom('one_time_link').selectAll().where('token_hash', '=', p.hash),
)

export const linkById = query<{ id: string }, OneTimeLinkRow>((k, p) =>
  k.selectFrom('one_time_link').selectAll().where('id', '=', p.id),
)

export const linkByOpenKey = query<{ key: string }, OneTimeLinkRow>((k, p) =>
  k.selectFrom('one_time_link').selectAll().where('open_key', '=', p.key),
)

/** Links that somebody made and nobody has used. */
export const openLinksMadeBy = query<{ userId: string }, Pick<OneTimeLinkRow, 'id' | 'purpose'>>((k, p) =>
  k
    .selectFrom('one_time_link')
    .select(['id', 'purpose'])
    .where('created_by', '=', p.userId)
    .where('open_key', 'is not', null),
)

export const openInvitationsBefore = query<{ before: string; limit: number }, OneTimeLinkRow>((k, p) =>
  k
    .selectFrom('one_time_link')
    .selectAll()
    .where('purpose', '=', 'invitation')
    .where('open_key', 'is not', null)
    .where('id', '<', p.before)
    .orderBy('id', 'desc')
    .limit(p.limit),
)

export const insertOneTimeLink = query<OneTimeLinkRow, unknown>((k, p) =>
  k.insertInto('one_time_link').values({
    id: p.id,
    purpose: p.purpose,
    token_hash: p.token_hash,
    open_key: p.open_key,
    mail: p.mail,
    name: p.name,
    role: p.role,
    user_id: p.user_id,
    created_by: p.created_by,
    created_at: p.created_at,
    expires_at: p.expires_at,
    used_at: p.used_at,
    withdrawn_at: p.withdrawn_at,
  }),
)

/** Compare and set: of two who come with one secret, the second changes nothing. */
export const useLinkRow = query<{ hash: string; now: number }, unknown>((k, p) =>
  k
    .updateTable('one_time_link')
    .set({ used_at: p.now, open_key: null })
    .where('token_hash', '=', p.hash)
    .where('open_key', 'is not', null)
    .where('expires_at', '>', p.now),
)

export const linkUsedBy = query<{ id: string; userId: string }, unknown>((k, p) =>
  k.updateTable('one_time_link').set({ user_id: p.userId }).where('id', '=', p.id),
)

/** Whoever renews it holds the secret: it is theirs from then on. */
export const renewLinkRow = query<
  { id: string; hash: string; expiresAt: number; by: string | null },
  unknown
>((k, p) =>
  k
    .updateTable('one_time_link')
    .set({ token_hash: p.hash, expires_at: p.expiresAt, created_by: p.by })
    .where('id', '=', p.id)
    .where('open_key', 'is not', null),
)

export const withdrawLinkRow = query<{ id: string; now: number }, unknown>((k, p) =>
  k
    .updateTable('one_time_link')
    .set({ withdrawn_at: p.now, open_key: null })
    .where('id', '=', p.id)
    .where('open_key', 'is not', null),
)

export const withdrawByOpenKey = query<{ key: string; now: number }, unknown>((k, p) =>
  k.updateTable('one_time_link').set({ withdrawn_at: p.now, open_key: null }).where('open_key', '=', p.key),
)

export const deleteOldLinks = query<{ before: number }, unknown>((k, p) =>
  k.deleteFrom('one_time_link').where('open_key', 'is', null).where('created_at', '<', p.before),
)

export const restoreLinkRow = query<{ id: string; key: string }, unknown>((k, p) =>
  k
    .updateTable('one_time_link')
    .set({ withdrawn_at: null, open_key: p.key })
    .where('id', '=', p.id)
    .where('used_at', 'is', null),
)
