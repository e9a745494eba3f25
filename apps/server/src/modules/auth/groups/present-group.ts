import type { Context } from '../../../platform/context.ts'
import type { Reader } from '../../../platform/db/index.ts'
import type { GroupRow } from '../auth.tables.ts'
import type { GroupRight, GroupView } from './group-rights.ts'
import { managedGroups, rightsOn } from './group-rights.ts'
import { countMembers } from './groups.repo.ts'

const time = (at: number) => new Date(Number(at)).toISOString()

export function presentGroup(row: GroupRow, members: number, may: GroupRight[]): GroupView {
  return {
    id: row.id,
    name: row.name,
    description: row.description ?? '',
    workspace: row.workspace,
    members,
    version: row.version,
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
    may,
  }
}

/** One group as it is now, with how many are in it and what the actor may do with it. */
export async function groupView(ctx: Context, reader: Reader, row: GroupRow): Promise<GroupView> {
  const counted = await reader.first(countMembers, { id: row.id })
  return presentGroup(row, Number(counted?.n ?? 0), rightsOn(ctx, await managedGroups(ctx, reader), row.id))
}
