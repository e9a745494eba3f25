import type { Expression, SqlBool } from 'kysely'
import { sql } from 'kysely'
import type { Reader } from '../../../platform/db/index.ts'
import { defineQuery } from '../../../platform/db/index.ts'
import type { AuthTables, GroupMemberRow, GroupRow } from '../auth.tables.ts'

const query = defineQuery<AuthTables>()

export const groupById = query<{ id: string }, GroupRow>((k, p) =>
  k.selectFrom('user_group').selectAll().where('id', '=', p.id),
)

/** Held until the transaction ends. */
export const lockGroup = query<{ id: string }, GroupRow>((k, p, dialect) => {
  const row = k.selectFrom('user_group').selectAll().where('id', '=', p.id)
  return dialect === 'sqlite' ? row : row.forUpdate()
})

export const groupByNameKey = query<{ nameKey: string }, { id: string }>((k, p) =>
  k.selectFrom('user_group').select('id').where('name_key', '=', p.nameKey),
)

export const insertGroup = query<GroupRow, unknown>((k, p) =>
  k.insertInto('user_group').values({
    id: p.id,
    name: p.name,
    name_key: p.name_key,
    description: p.description,
    workspace: p.workspace,
    version: p.version,
    created_at: p.created_at,
    updated_at: p.updated_at,
    deleted_at: p.deleted_at,
  }),
)

type Editable = Pick<
  GroupRow,
  'id' | 'version' | 'name' | 'name_key' | 'description' | 'updated_at' | 'deleted_at'
>

/** Compare and set by version. */
export const updateGroupRow = query<Editable, unknown>((k, p) =>
  k
    .updateTable('user_group')
    .set({
      name: p.name,
      name_key: p.name_key,
      description: p.description,
      updated_at: p.updated_at,
      deleted_at: p.deleted_at,
      version: sql<number>`version + 1`,
    })
    .where('id', '=', p.id)
    .where('version', '=', p.version),
)

export const memberOf = query<{ groupId: string; userId: string }, GroupMemberRow>((k, p) =>
  k
    .selectFrom('user_group_member')
    .selectAll()
    .where('group_id', '=', p.groupId)
    .where('user_id', '=', p.userId),
)

export const insertMember = query<GroupMemberRow, unknown>((k, p) =>
  k.insertInto('user_group_member').values({ group_id: p.group_id, user_id: p.user_id, manages: p.manages }),
)

export const setManages = query<GroupMemberRow, unknown>((k, p) =>
  k
    .updateTable('user_group_member')
    .set({ manages: p.manages })
    .where('group_id', '=', p.group_id)
    .where('user_id', '=', p.user_id),
)

export const deleteMember = query<{ groupId: string; userId: string }, unknown>((k, p) =>
  k.deleteFrom('user_group_member').where('group_id', '=', p.groupId).where('user_id', '=', p.userId),
)

export const countMembers = query<{ id: string }, { n: number | string }>((k, p) =>
  k
    .selectFrom('user_group_member')
    .select(sql<number>`count(*)`.as('n'))
    .where('group_id', '=', p.id),
)

export interface MemberRow {
  id: string
  name: string
  mail: string
  disabled_at: number | null
  manages: number | null
}

export const membersBelow = query<
  { groupId: string; pattern: string; at: number; id: string; limit: number },
  MemberRow & { created_at: number }
>((k, p) =>
  k
    .selectFrom('user_group_member as m')
    .innerJoin('user_account as u', 'u.id', 'm.user_id')
    .select(['u.id', 'u.name', 'u.mail', 'u.disabled_at', 'u.created_at', 'm.manages'])
    .where('m.group_id', '=', p.groupId)
    .where(sql<SqlBool>`(u.mail_key like ${p.pattern} escape '!' or u.name_key like ${p.pattern} escape '!')`)
    .where(sql<SqlBool>`(u.created_at < ${p.at} or (u.created_at = ${p.at} and u.id < ${p.id}))`)
    .orderBy('u.created_at', 'desc')
    .orderBy('u.id', 'desc')
    .limit(p.limit),
)

export type ListedGroup = GroupRow & { members: number | string }

export interface GroupFilter {
  /** Lower-cased and escaped by `!`; null: all. */
  pattern: string | null
  /** Only those that this person is in; null: all. */
  of: string | null
}

function conditions({ pattern, of }: GroupFilter): Expression<SqlBool> {
  const parts = [sql<SqlBool>`g.deleted_at is null`]
  if (pattern !== null) parts.push(sql<SqlBool>`g.name_key like ${pattern} escape '!'`)
  if (of !== null)
    parts.push(
      sql<SqlBool>`exists (select 1 from user_group_member m where m.group_id = g.id and m.user_id = ${of})`,
    )
  return sql.join<SqlBool>(parts, sql` and `)
}

/** Groups by name, those behind `after`. */
export function groupsAfter(
  reader: Reader,
  filter: GroupFilter,
  after: string,
  limit: number,
): Promise<ListedGroup[]> {
  return reader.dynamic<AuthTables, ListedGroup>((k) =>
    k
      .selectFrom('user_group as g')
      .selectAll('g')
      .select(sql<number>`(select count(*) from user_group_member c where c.group_id = g.id)`.as('members'))
      .where(conditions(filter))
      .where('g.name_key', '>', after)
      .orderBy('g.name_key')
      .limit(limit),
  )
}

export async function countGroups(reader: Reader, filter: GroupFilter): Promise<number> {
  const [row] = await reader.dynamic<AuthTables, { n: number | string }>((k) =>
    k
      .selectFrom('user_group as g')
      .select(sql<number>`count(*)`.as('n'))
      .where(conditions(filter)),
  )
  return Number(row?.n ?? 0)
}

export const managedBy = query<{ userId: string }, { group_id: string }>((k, p) =>
  k
    .selectFrom('user_group_member')
    .select('group_id')
    .where('user_id', '=', p.userId)
    .where('manages', '=', 1),
)

export interface PersonFound {
  id: string
  name: string
  mail: string
}

/** People who may sign in, by name, for a chooser. */
export const peopleLike = query<{ pattern: string; limit: number }, PersonFound>((k, p) =>
  k
    .selectFrom('user_account')
    .select(['id', 'name', 'mail'])
    .where('disabled_at', 'is', null)
    .where(sql<SqlBool>`(mail_key like ${p.pattern} escape '!' or name_key like ${p.pattern} escape '!')`)
    .orderBy('name_key')
    .limit(p.limit),
)

/** Those of some ids that are people. */
export async function knownUserIds(reader: Reader, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await reader.dynamic<AuthTables, { id: string }>((k) =>
    k.selectFrom('user_account').select('id').where('id', 'in', ids).where('kind', '<>', 'deleted'),
  )
  return new Set(rows.map((row) => row.id))
}

export interface GroupLabel {
  id: string
  name: string
  members: number
}

/** Names of groups by id, those that were deleted left out. */
export async function groupsByIds(reader: Reader, ids: readonly string[]): Promise<Map<string, GroupLabel>> {
  if (ids.length === 0) return new Map()
  const rows = await reader.dynamic<AuthTables, { id: string; name: string; members: number | string }>((k) =>
    k
      .selectFrom('user_group as g')
      .select(['g.id', 'g.name'])
      .select(sql<number>`(select count(*) from user_group_member c where c.group_id = g.id)`.as('members'))
      .where('g.id', 'in', ids)
      .where('g.deleted_at', 'is', null),
  )
  return new Map(rows.map((row) => [row.id, { ...row, members: Number(row.members) }]))
}
