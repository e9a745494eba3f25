import type { BuiltinRole, Permission, Role } from '@anneal/contract'
import { isBuiltinRole, permissions, rolePermissions } from '@anneal/contract'
import { fromJson } from '../../../platform/db/index.ts'
import type { Reader } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import type { RoleRow } from '../auth.tables.ts'
import { allRoles, holdersOf, roleById } from './roles.repo.ts'

export interface RoleFacts {
  /** Null for a built-in role, whose name is in the reader's language. */
  name: string | null
  permissions: ReadonlySet<Permission>
  secondFactor: boolean
}

const known: ReadonlySet<string> = new Set(permissions)
const builtin = new Map<BuiltinRole, ReadonlySet<Permission>>()

/** What a built-in role may do. */
export function permissionsOf(role: BuiltinRole): ReadonlySet<Permission> {
  let set = builtin.get(role)
  if (!set) builtin.set(role, (set = new Set(rolePermissions[role])))
  return set
}

/** What a row says; a permission that this version does not know counts for nothing. */
export function factsOf(row: RoleRow): RoleFacts {
  const secondFactor = Number(row.second_factor) === 1
  if (isBuiltinRole(row.id)) return { name: null, permissions: permissionsOf(row.id), secondFactor }
  const stored = fromJson<Permission[]>(row.permissions ?? '[]').filter((one) => known.has(one))
  return { name: row.name, permissions: new Set(stored), secondFactor }
}

/** What a role may do now; one that is gone may do nothing. */
export async function roleFacts(reader: Reader, role: Role): Promise<RoleFacts> {
  const row = await reader.first(roleById, { id: role })
  return row ? factsOf(row) : { name: role, permissions: new Set(), secondFactor: false }
}

/**
 * The same of a role that is about to be given.
 * @throws AppError `auth.role-not-found`.
 */
export async function knownRole(reader: Reader, role: Role): Promise<RoleFacts> {
  const row = await reader.first(roleById, { id: role })
  if (!row) throw new AppError('auth.role-not-found')
  return factsOf(row)
}

/** The names of own roles by id, for lists of people; a built-in role has none. */
export async function roleNames(reader: Reader): Promise<(role: Role) => string | null> {
  const rows = await reader.all(allRoles, {})
  const names = new Map(rows.map((row) => [row.id, row.name]))
  return (role) => (isBuiltinRole(role) ? null : (names.get(role) ?? role))
}

/** The ids of people who hold a permission and may sign in. */
export async function permissionHolders(reader: Reader, permission: Permission): Promise<string[]> {
  const rows = await reader.all(allRoles, {})
  return holdersOf(
    reader,
    rows.filter((row) => factsOf(row).permissions.has(permission)).map((row) => row.id),
  )
}
