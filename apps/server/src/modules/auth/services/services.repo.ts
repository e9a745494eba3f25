import { sql } from 'kysely'
import type { Reader } from '../../../platform/db/index.ts'
import { defineQuery } from '../../../platform/db/index.ts'
import type { AuthTables, UserRow } from '../auth.tables.ts'

const query = defineQuery<AuthTables>()

export const serviceById = query<{ id: string }, UserRow>((k, p) =>
  k.selectFrom('user_account').selectAll().where('id', '=', p.id).where('kind', '=', 'service'),
)

export type ListedService = UserRow & { group_name: string; live_keys: number | string }

/** Service accounts below a place of the list, newest first; `groupIds` null: of every group. */
export async function servicesBelow(
  reader: Reader,
  groupIds: readonly string[] | null,
  place: { at: number; id: string; limit: number },
): Promise<ListedService[]> {
  if (groupIds?.length === 0) return []
  return reader.dynamic<AuthTables, ListedService>((k) => {
    const all = k
      .selectFrom('user_account as u')
      .leftJoin('user_group as g', 'g.id', 'u.owner_group_id')
      .selectAll('u')
      .select(sql<string>`coalesce(g.name, '')`.as('group_name'))
      .select((eb) =>
        eb
          .selectFrom('api_key as a')
          .select(sql<number>`count(*)`.as('n'))
          .whereRef('a.user_id', '=', 'u.id')
          .where('a.ended_at', 'is', null)
          .where('a.training_run_id', 'is', null)
          .as('live_keys'),
      )
      .where('u.kind', '=', 'service')
      .where(
        sql<boolean>`(u.created_at < ${place.at} or (u.created_at = ${place.at} and u.id < ${place.id}))`,
      )
    const seen = groupIds === null ? all : all.where('u.owner_group_id', 'in', groupIds)
    return seen.orderBy('u.created_at', 'desc').orderBy('u.id', 'desc').limit(place.limit)
  }) as Promise<ListedService[]>
}

export const servicesOfGroup = query<{ groupId: string }, Pick<UserRow, 'id' | 'name'>>((k, p) =>
  k
    .selectFrom('user_account')
    .select(['id', 'name'])
    .where('owner_group_id', '=', p.groupId)
    .where('kind', '=', 'service')
    .orderBy('name'),
)

type Editable = Pick<
  UserRow,
  'id' | 'version' | 'name' | 'name_key' | 'role' | 'owner_group_id' | 'disabled_at' | 'updated_at'
>

/** Compare and set by version. */
export const updateServiceRow = query<Editable, unknown>((k, p) =>
  k
    .updateTable('user_account')
    .set({
      name: p.name,
      name_key: p.name_key,
      role: p.role,
      owner_group_id: p.owner_group_id,
      disabled_at: p.disabled_at,
      updated_at: p.updated_at,
      version: sql<number>`version + 1`,
    })
    .where('id', '=', p.id)
    .where('version', '=', p.version)
    .where('kind', '=', 'service'),
)
