import type { Role } from '@anneal/contract'
import { sql } from 'kysely'
import type { Reader } from '../../../platform/db/index.ts'
import { defineQuery } from '../../../platform/db/index.ts'
import type { AuthTables, RoleRow } from '../auth.tables.ts'

const query = defineQuery<AuthTables>()
type None = Record<never, never>

export const roleById = query<{ id: string }, RoleRow>((k, p) =>
  k.selectFrom('user_role').selectAll().where('id', '=', p.id),
)

export const roleByName = query<{ nameKey: string }, { id: string }>((k, p) =>
  k.selectFrom('user_role').select('id').where('name_key', '=', p.nameKey),
)

export const allRoles = query<None, RoleRow>((k) => k.selectFrom('user_role').selectAll().orderBy('name_key'))

export const countByRole = query<None, { role: string; n: number | string }>((k) =>
  k
    .selectFrom('user_account')
    .select(['role', sql<number>`count(*)`.as('n')])
    .where('kind', '<>', 'deleted')
    .groupBy('role'),
)

/** Held until the transaction ends, so that nobody is given the role while it is changed or deleted. */
export const lockRole = query<{ id: string }, RoleRow>((k, p, dialect) => {
  const row = k.selectFrom('user_role').selectAll().where('id', '=', p.id)
  return dialect === 'sqlite' ? row : row.forUpdate()
})

export const insertRole = query<RoleRow, unknown>((k, p) =>
  k.insertInto('user_role').values({
    id: p.id,
    name: p.name,
    name_key: p.name_key,
    description: p.description,
    permissions: p.permissions,
    second_factor: p.second_factor,
    version: p.version,
    created_at: p.created_at,
    updated_at: p.updated_at,
  }),
)

type Editable = Omit<RoleRow, 'created_at'>

/** Compare and set by version. */
export const updateRoleRow = query<Editable, unknown>((k, p) =>
  k
    .updateTable('user_role')
    .set({
      name: p.name,
      name_key: p.name_key,
      description: p.description,
      permissions: p.permissions,
      second_factor: p.second_factor,
      updated_at: p.updated_at,
      version: sql<number>`version + 1`,
    })
    .where('id', '=', p.id)
    .where('version', '=', p.version),
)

export const deleteRoleRow = query<{ id: string }, unknown>((k, p) =>
  k.deleteFrom('user_role').where('id', '=', p.id),
)

export const usersOfRole = query<{ role: string }, { id: string }>((k, p) =>
  k.selectFrom('user_account').select('id').where('role', '=', p.role),
)

export const moveUsers = query<{ from: string; to: Role; now: number }, unknown>((k, p) =>
  k
    .updateTable('user_account')
    .set({ role: p.to, updated_at: p.now, version: sql<number>`version + 1` })
    .where('role', '=', p.from),
)

export const moveInvitations = query<{ from: string; to: Role }, unknown>((k, p) =>
  k
    .updateTable('one_time_link')
    .set({ role: p.to })
    .where('role', '=', p.from)
    .where('open_key', 'is not', null),
)

/** Whether an invitation that still works names the role. */
export const openInvitationOf = query<{ role: string }, { id: string }>((k, p) =>
  k
    .selectFrom('one_time_link')
    .select('id')
    .where('role', '=', p.role)
    .where('purpose', '=', 'invitation')
    .where('open_key', 'is not', null)
    .limit(1),
)

/** The ids of people with one of these roles who may sign in. */
export async function holdersOf(reader: Reader, roles: readonly Role[]): Promise<string[]> {
  if (roles.length === 0) return []
  const rows = await reader.dynamic<AuthTables, { id: string }>((k) =>
    k.selectFrom('user_account').select('id').where('role', 'in', roles).where('disabled_at', 'is', null),
  )
  return rows.map((row) => row.id)
}
