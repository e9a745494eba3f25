import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import type { Reader } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import type { GroupRow } from '../auth.tables.ts'
import { groupById, managedBy } from './groups.repo.ts'

export type GroupView = RouteReply<'access.getGroup'>
export type GroupRight = GroupView['may'][number]

/** Who may list all groups; anyone else knows of those they are in. */
export function seesAllGroups({ actor }: Context): boolean {
  return actor.kind === 'system' || ('permissions' in actor && actor.permissions.has('users.read'))
}

export function managesGroups({ actor }: Context): boolean {
  return actor.kind === 'system' || ('permissions' in actor && actor.permissions.has('groups.manage'))
}

/** What the actor may do with a group, given the ids of those that they look after. */
export function rightsOn(ctx: Context, managed: ReadonlySet<string>, id: string): GroupRight[] {
  if (managesGroups(ctx)) return ['edit', 'members']
  return managed.has(id) ? ['members'] : []
}

/** The groups whose members the actor looks after. */
export async function managedGroups(ctx: Context, reader: Reader): Promise<ReadonlySet<string>> {
  const { actor } = ctx
  if (!('userId' in actor)) return new Set()
  const rows = await reader.all(managedBy, { userId: actor.userId })
  return new Set(rows.map((row) => row.group_id))
}

/**
 * A group that the actor may know of.
 * @throws AppError `access.group-not-found`.
 */
export async function knownGroup(ctx: Context, reader: Reader, id: string): Promise<GroupRow> {
  const row = await reader.first(groupById, { id })
  const isIn = 'userId' in ctx.actor && ctx.actor.groupIds.includes(id)
  if (!row || row.deleted_at !== null || !(isIn || seesAllGroups(ctx)))
    throw new AppError('access.group-not-found')
  return row
}
