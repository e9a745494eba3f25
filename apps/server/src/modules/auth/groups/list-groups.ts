import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { decodeCursor, toPage } from '../../../platform/cursor.ts'
import { actorUserId } from '../can.ts'
import { knownGroup, managedGroups, rightsOn, seesAllGroups } from './group-rights.ts'
import { countGroups, groupsAfter, membersBelow } from './groups.repo.ts'
import { groupView, presentGroup } from './present-group.ts'

/** A text that a name is to hold, as a pattern; null for none. */
export function patternOf(search: string | undefined): string | null {
  const text = search?.trim().toLowerCase()
  return text ? `%${text.replace(/[!%_]/g, '!$&')}%` : null
}

/** Groups by name: all for whoever may read users, else those that the actor is in. */
export async function listGroups(
  ctx: Context,
  query: RouteHandlerInput<'access.listGroups'>['query'],
): Promise<RouteReply<'access.listGroups'>> {
  const { read } = ctx.platform.db
  const filter = {
    pattern: patternOf(query.search),
    of: seesAllGroups(ctx) ? null : actorUserId(ctx.actor),
  }
  const after = Buffer.from(query.cursor ?? '', 'base64url').toString('utf8')
  const rows = await groupsAfter(read, filter, after, query.limit + 1)
  const managed = await managedGroups(ctx, read)
  const shown = rows.slice(0, query.limit)
  const last = shown.at(-1)
  return {
    items: shown.map((row) => presentGroup(row, Number(row.members), rightsOn(ctx, managed, row.id))),
    nextCursor: rows.length > query.limit && last ? Buffer.from(last.name_key).toString('base64url') : null,
    total: await countGroups(read, filter),
  }
}

export async function getGroup(ctx: Context, id: string): Promise<RouteReply<'access.getGroup'>> {
  const { read } = ctx.platform.db
  return groupView(ctx, read, await knownGroup(ctx, read, id))
}

/** Who is in a group, those that joined the instance last first. */
export async function listGroupMembers(
  ctx: Context,
  id: string,
  query: RouteHandlerInput<'access.listGroupMembers'>['query'],
): Promise<RouteReply<'access.listGroupMembers'>> {
  const { read } = ctx.platform.db
  await knownGroup(ctx, read, id)
  const rows = await read.all(membersBelow, {
    ...decodeCursor(query.cursor),
    groupId: id,
    pattern: patternOf(query.search) ?? '%',
    limit: query.limit + 1,
  })
  return toPage(
    rows,
    query.limit,
    (row) => ({ at: Number(row.created_at), id: row.id }),
    (row) => ({
      userId: row.id,
      name: row.name,
      email: row.mail,
      disabled: row.disabled_at !== null,
      manages: Number(row.manages ?? 0) === 1,
    }),
  )
}
