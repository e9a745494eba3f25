import type { UserActor } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import type { UserRow } from './auth.tables.ts'
import { roleFacts } from './roles/role-facts.ts'
import { groupIdsOf } from './users.repo.ts'

export type Person = Omit<UserActor, 'kind' | 'sessionId'>

/** What every actor carries of the user behind it: role, permissions and groups as they are now. */
export async function personOf(reader: Reader, user: UserRow): Promise<Person> {
  const groups = await reader.all(groupIdsOf, { userId: user.id })
  return {
    userId: user.id,
    name: user.name,
    role: user.role,
    permissions: (await roleFacts(reader, user.role)).permissions,
    groupIds: groups.map((group) => group.group_id),
  }
}
