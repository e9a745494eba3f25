import { sql } from 'kysely'
import type { Reader } from '../../platform/db/index.ts'
import { defineQuery } from '../../platform/db/index.ts'
import type { AuthTables, UserRow, WorkspaceNameRow } from './auth.tables.ts'

const query = defineQuery<AuthTables>()

export const userById = query<{ id: string }, UserRow>((k, p) =>
  k.selectFrom('user_account').selectAll().where('id', '=', p.id).where('kind', '<>', 'deleted'),
)

export const userByMail = query<{ mailKey: string }, UserRow>((k, p) =>
  k.selectFrom('user_account').selectAll().where('mail_key', '=', p.mailKey),
)

/** Every administrator who may sign in, held until the transaction ends: of two who step down, the second waits. */
export const lockAdministrators = query<Record<never, never>, { id: string }>((k, _p, dialect) => {
  const administrators = k
    .selectFrom('user_account')
    .select('id')
    .where('role', '=', 'administrator')
    // A service account governs nobody: it cannot sign in.
    .where('kind', '=', 'person')
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
