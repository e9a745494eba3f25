import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { needed } from '../can.ts'
import { groupsAfter, peopleLike } from './groups.repo.ts'
import { patternOf } from './list-groups.ts'

type Subject = RouteReply<'access.listSubjects'>['items'][number]

/** Whoever may change nothing of any kind owns nothing that could be shared. */
function shares({ actor }: Context): boolean {
  if (actor.kind === 'system') return true
  return Object.values(needed).some(({ change }) => 'permissions' in actor && actor.permissions.has(change))
}

/** People and groups by name, for those who may share something. It tells no more than what tells them apart. */
export async function listSubjects(
  ctx: Context,
  query: RouteHandlerInput<'access.listSubjects'>['query'],
): Promise<RouteReply<'access.listSubjects'>> {
  if (!shares(ctx)) return { items: [] }
  const { read } = ctx.platform.db
  const pattern = patternOf(query.search)
  const groups = query.kind === 'user' ? [] : await groupsAfter(read, { pattern, of: null }, '', query.limit)
  const people =
    query.kind === 'group' ? [] : await read.all(peopleLike, { pattern: pattern ?? '%', limit: query.limit })
  // Groups are fewer: half of what is shown is kept for people.
  const room = Math.max(query.limit - people.length, Math.ceil(query.limit / 2))
  const shownGroups = groups.slice(0, room).map((row): Subject => ({
    kind: 'group',
    id: row.id,
    name: row.name,
    email: null,
    members: Number(row.members),
  }))
  const shownPeople = people.map((row): Subject => ({
    kind: 'user',
    id: row.id,
    name: row.name,
    email: row.mail,
    members: null,
  }))
  return { items: [...shownGroups, ...shownPeople].slice(0, query.limit) }
}
