import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import type { Reader } from '../../../platform/db/index.ts'
import { decodeCursor, toPage } from '../../../platform/cursor.ts'
import type { UserRow } from '../auth.tables.ts'
import { managedGroups, seesAllGroups } from '../groups/group-rights.ts'
import { groupById } from '../groups/groups.repo.ts'
import { countLiveKeys } from '../keys.repo.ts'
import { roleFacts, roleNames } from '../roles/role-facts.ts'
import { rightsOn } from './service-rights.ts'
import { servicesBelow } from './services.repo.ts'

export type ServiceView = RouteReply<'service.create'>

interface Facts {
  roleName: string | null
  groupName: string
  keys: number
  may: ServiceView['may']
}

function present(row: UserRow, facts: Facts): ServiceView {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    workspace: row.workspace,
    groupId: row.owner_group_id ?? '',
    disabled: row.disabled_at !== null,
    version: row.version,
    createdAt: new Date(Number(row.created_at)).toISOString(),
    ...facts,
  }
}

/** One service account as the actor sees it. */
export async function serviceView(ctx: Context, reader: Reader, row: UserRow): Promise<ServiceView> {
  const group = await reader.first(groupById, { id: row.owner_group_id ?? '' })
  const keys = await reader.first(countLiveKeys, { userId: row.id })
  return present(row, {
    roleName: (await roleFacts(reader, row.role)).name,
    groupName: group?.name ?? '',
    keys: Number(keys?.n ?? 0),
    may: rightsOn(ctx, await managedGroups(ctx, reader), row),
  })
}

/** Service accounts, newest first: all, or those of the actor's own groups. */
export async function listServices(
  ctx: Context,
  query: { cursor?: string | undefined; limit: number },
): Promise<RouteReply<'service.list'>> {
  const { read } = ctx.platform.db
  const { actor } = ctx
  const own = 'groupIds' in actor ? actor.groupIds : []
  const place = { ...decodeCursor(query.cursor), limit: query.limit + 1 }
  const rows = await servicesBelow(read, seesAllGroups(ctx) ? null : own, place)
  const managed = await managedGroups(ctx, read)
  const nameOf = await roleNames(read)
  return toPage(
    rows,
    query.limit,
    (row) => ({ at: Number(row.created_at), id: row.id }),
    (row) =>
      present(row, {
        roleName: nameOf(row.role),
        groupName: row.group_name,
        keys: Number(row.live_keys),
        may: rightsOn(ctx, managed, row),
      }),
  )
}
