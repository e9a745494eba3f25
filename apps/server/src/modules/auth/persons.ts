import type { Permission, Role } from '@anneal/contract'
import { rolePermissions } from '@anneal/contract'
import type { UserActor } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import type { UserRow } from './auth.tables.ts'
import { groupIdsOf } from './users.repo.ts'

const permissionSets = new Map<Role, ReadonlySet<Permission>>()

export function permissionsOf(role: Role): ReadonlySet<Permission> {
  let set = permissionSets.get(role)
  if (!set) permissionSets.set(role, (set = new Set(rolePermissions[role])))
  return set
}

export type Person = Omit<UserActor, 'kind' | 'sessionId'>

/** What every actor carries of the user behind it: role, permissions and groups as they are now. */
export async function personOf(reader: Reader, user: UserRow): Promise<Person> {
  const groups = await reader.all(groupIdsOf, { userId: user.id })
  return {
    userId: user.id,
    name: user.name,
    role: user.role,
    permissions: permissionsOf(user.role),
    groupIds: groups.map((group) => group.group_id),
  }
}
