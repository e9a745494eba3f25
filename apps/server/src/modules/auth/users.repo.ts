import type { Role } from '@anneal/contract'
import type { Expression, SqlBool } from 'kysely'
import { sql } from 'kysely'
import type { Reader } from '../../platform/db/index.ts'
import { defineQuery } from '../../platform/db/index.ts'
import type { AuthTables, UserRow, WorkspaceNameRow } from './auth.tables.ts'

const query = defineQuery<AuthTables>()

export const userById = query<{ id: string }, UserRow>((k, p) =>
  k.selectFrom('user_account').selectAll().where('id', '=', p.id),
)

export const userByMail = query<{ mailKey: string }, UserRow>((k, p) =>
  k.selectFrom('user_account').selectAll().where('mail_key', '=', p.mailKey),
)

export interface UserFilter {
  /** Lower-cased and escaped by `!`; null: all. */
  pattern: string | null
  role: Role | null
  state: 'active' | 'disabled' | null
}

function conditions({ pattern, role, state }: UserFilter): Expression<SqlBool> {
  // Service accounts have a list of their own.
  const parts = [sql<SqlBool>`kind = 'person'`]
  if (pattern !== null)
    parts.push(sql<SqlBool>`(mail_key like ${pattern} escape '!' or name_key like ${pattern} escape '!')`)
  if (role !== null) parts.push(sql<SqlBool>`role = ${role}`)
  if (state !== null)
    parts.push(sql<SqlBool>`disabled_at is ${sql.raw(state === 'active' ? '' : 'not ')}null`)
  return sql.join<SqlBool>(parts, sql` and `)
}

/** Users below a place of the list, in the order asked for; one who never came counts as seen at 0. */
export function usersBelow(
  reader: Reader,
  filter: UserFilter,
  place: { sort: 'created' | 'seen'; at: number; id: string; limit: number },
): Promise<UserRow[]> {
  const column = place.sort === 'seen' ? sql<number>`coalesce(last_seen_at, 0)` : sql<number>`created_at`
  return reader.dynamic<AuthTables, UserRow>((k) =>
    k
      .selectFrom('user_account')
      .selectAll()
      .where(conditions(filter))
      .where(sql<SqlBool>`(${column} < ${place.at} or (${column} = ${place.at} and id < ${place.id}))`)
      .orderBy(column, 'desc')
      .orderBy('id', 'desc')
      .limit(place.limit),
  )
}

export async function countUsers(reader: Reader, filter: UserFilter): Promise<number> {
  const [row] = await reader.dynamic<AuthTables, { n: number | string }>((k) =>
    k
      .selectFrom('user_account')
      .select(sql<number>`count(*)`.as('n'))
      .where(conditions(filter)),
  )
  return Number(row?.n ?? 0)
}

/** Every administrator who may sign in, held until the transaction ends: of two who step down, the second waits. */
export const lockAdministrators = query<Record<never, never>, { id: string }>((k, _p, dialect) => {
  const administrators = k
    .selectFrom('user_account')
    .select('id')
    .where('role', '=', 'administrator')
    .where('disabled_at', 'is', null)
    .orderBy('id')
  // One writer at a time is what SQLite has anyway.
  return dialect === 'sqlite' ? administrators : administrators.forUpdate()
})

type Editable = Pick<UserRow, 'id' | 'version' | 'name' | 'name_key' | 'role' | 'disabled_at' | 'updated_at'>

/** Compare and set by version. */
export const updateUserRow = query<Editable, unknown>((k, p) =>
  k
    .updateTable('user_account')
    .set({
      name: p.name,
      name_key: p.name_key,
      role: p.role,
      disabled_at: p.disabled_at,
      updated_at: p.updated_at,
      version: sql<number>`version + 1`,
    })
    .where('id', '=', p.id)
    .where('version', '=', p.version),
)

type OwnFields = Pick<UserRow, 'id' | 'name' | 'name_key' | 'language' | 'updated_at'>

/** A person's own choice needs no version: the last one counts. */
export const updateOwnRow = query<OwnFields, unknown>((k, p) =>
  k
    .updateTable('user_account')
    .set({
      name: p.name,
      name_key: p.name_key,
      language: p.language,
      updated_at: p.updated_at,
      version: sql<number>`version + 1`,
    })
    .where('id', '=', p.id),
)

export const setPasswordHash = query<{ id: string; hash: string; now: number }, unknown>((k, p) =>
  k
    .updateTable('user_account')
    .set({ password_hash: p.hash, updated_at: p.now, version: sql<number>`version + 1` })
    .where('id', '=', p.id)
    .where('disabled_at', 'is', null),
)

export const anyUser = query<Record<never, never>, { id: string }>((k) =>
  k.selectFrom('user_account').select('id').limit(1),
)

export const groupIdsOf = query<{ userId: string }, { group_id: string }>((k, p) =>
  k
    .selectFrom('user_group_member as m')
    .innerJoin('user_group as g', 'g.id', 'm.group_id')
    .select('m.group_id')
    .where('m.user_id', '=', p.userId)
    .where('g.deleted_at', 'is', null),
)

export const insertUser = query<UserRow, unknown>((k, p) =>
  k.insertInto('user_account').values({
    id: p.id,
    mail: p.mail,
    mail_key: p.mail_key,
    name: p.name,
    name_key: p.name_key,
    role: p.role,
    password_hash: p.password_hash,
    workspace: p.workspace,
    language: p.language,
    disabled_at: p.disabled_at,
    last_seen_at: p.last_seen_at,
    kind: p.kind,
    owner_group_id: p.owner_group_id,
    version: p.version,
    created_at: p.created_at,
    updated_at: p.updated_at,
  }),
)

export const userSeen = query<{ id: string; now: number }, unknown>((k, p) =>
  k.updateTable('user_account').set({ last_seen_at: p.now }).where('id', '=', p.id),
)

export const workspaceNamed = query<{ nameKey: string }, { name_key: string }>((k, p) =>
  k.selectFrom('workspace_name').select('name_key').where('name_key', '=', p.nameKey),
)

export const insertWorkspaceName = query<WorkspaceNameRow, unknown>((k, p) =>
  k.insertInto('workspace_name').values({
    name_key: p.name_key,
    name: p.name,
    owner_kind: p.owner_kind,
    owner_id: p.owner_id,
  }),
)

export interface UserLabel {
  name: string
  email: string
  workspace: string
}

type LabelRow = Pick<UserRow, 'id' | 'name' | 'mail' | 'workspace'>

const labelById = query<{ id: string }, LabelRow>((k, p) =>
  k.selectFrom('user_account').select(['id', 'name', 'mail', 'workspace']).where('id', '=', p.id),
)

/** Up to so many owners a query that is compiled already is cheaper, asked once for each. */
const fewOwners = 3

/** Names of users by id, for lists that show owners; ids that are unknown are absent. */
export async function usersByIds(reader: Reader, ids: readonly string[]): Promise<Map<string, UserLabel>> {
  const wanted = [...new Set(ids)]
  const rows = await labelRows(reader, wanted)
  return new Map(rows.map((row) => [row.id, { name: row.name, email: row.mail, workspace: row.workspace }]))
}

async function labelRows(reader: Reader, ids: readonly string[]): Promise<LabelRow[]> {
  if (ids.length <= fewOwners) {
    return (await Promise.all(ids.map((id) => reader.all(labelById, { id })))).flat()
  }
  return reader.dynamic<AuthTables, LabelRow>((k) =>
    k.selectFrom('user_account').select(['id', 'name', 'mail', 'workspace']).where('id', 'in', ids),
  )
}
