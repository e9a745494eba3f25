import { type Tx, fromJson } from '../../../platform/db/index.ts'
import { insertMember, lockGroup } from '../groups/groups.repo.ts'

/** Takes someone new into the groups that their invitation names; those that were deleted since are left out. */
export async function joinGroups(tx: Tx, groupIds: string | null | undefined, userId: string): Promise<void> {
  for (const id of groupIds ? fromJson<string[]>(groupIds) : []) {
    const group = await tx.first(lockGroup, { id })
    if (group && group.deleted_at === null)
      await tx.run(insertMember, { group_id: id, user_id: userId, manages: 0 })
  }
}
