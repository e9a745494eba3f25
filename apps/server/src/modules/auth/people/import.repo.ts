import type { Role } from '@anneal/contract'
import type { Reader } from '../../../platform/db/index.ts'
import { defineQuery } from '../../../platform/db/index.ts'
import type { AuthTables } from '../auth.tables.ts'
import type { UserImportRow } from './people.tables.ts'

const query = defineQuery<AuthTables>()

export function usersByMails(
  reader: Reader,
  mailKeys: readonly string[],
): Promise<{ id: string; mail_key: string; role: Role }[]> {
  return reader.dynamic<AuthTables, { id: string; mail_key: string; role: Role }>((k) =>
    k.selectFrom('user_account').select(['id', 'mail_key', 'role']).where('mail_key', 'in', mailKeys),
  )
}

export function openInvitationsOf(reader: Reader, keys: readonly string[]): Promise<{ open_key: string }[]> {
  return reader.dynamic<AuthTables, { open_key: string }>((k) =>
    k
      .selectFrom('one_time_link')
      .select('open_key')
      .where('open_key', 'in', keys)
      .$castTo<{ open_key: string }>(),
  )
}

export const allGroupNames = query<Record<never, never>, { id: string; name_key: string }>((k) =>
  k.selectFrom('user_group').select(['id', 'name_key']).where('deleted_at', 'is', null),
)

export const insertImport = query<UserImportRow, unknown>((k, p) =>
  k.insertInto('user_import').values({
    id: p.id,
    owner_id: p.owner_id,
    state: p.state,
    source: p.source,
    total: p.total,
    done: p.done,
    invited: p.invited,
    updated: p.updated,
    refused: p.refused,
    mailed: p.mailed,
    results: p.results,
    created_at: p.created_at,
    ended_at: p.ended_at,
  }),
)

export const importById = query<{ id: string }, UserImportRow>((k, p) =>
  k.selectFrom('user_import').selectAll().where('id', '=', p.id),
)

export const setImport = query<
  Pick<
    UserImportRow,
    'id' | 'state' | 'done' | 'invited' | 'updated' | 'refused' | 'results' | 'source' | 'ended_at'
  >,
  unknown
>((k, p) =>
  k
    .updateTable('user_import')
    .set({
      state: p.state,
      done: p.done,
      invited: p.invited,
      updated: p.updated,
      refused: p.refused,
      results: p.results,
      source: p.source,
      ended_at: p.ended_at,
    })
    .where('id', '=', p.id),
)

/** Compare and set: the links are given once. */
export const takeResults = query<{ id: string }, unknown>((k, p) =>
  k.updateTable('user_import').set({ results: null }).where('id', '=', p.id).where('results', 'is not', null),
)

/** Whoever is invited comes into these groups. */
export const setLinkGroups = query<{ id: string; groupIds: string }, unknown>((k, p) =>
  k.updateTable('one_time_link').set({ group_ids: p.groupIds }).where('id', '=', p.id),
)
