import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { containing } from '../../platform/names/index.ts'
import type { UserRow } from './auth.tables.ts'
import { presentUser } from './present.ts'
import { roleNames } from './roles/role-facts.ts'
import type { UserFilter } from './users.repo.ts'
import { countUsers, usersBelow } from './users.repo.ts'

type Query = Partial<RouteHandlerInput<'auth.listUsers'>['query']> & { limit: number }

function filterOf({ search, role, state }: Query): UserFilter {
  const text = search?.trim()
  return { pattern: text ? containing(text) : null, role: role ?? null, state: state ?? null }
}

/** Users, newest or last seen first. */
export async function listUsers(ctx: Context, query: Query): Promise<RouteReply<'auth.listUsers'>> {
  const { read } = ctx.platform.db
  const filter = filterOf(query)
  const { sort = 'created', limit } = query
  const place = { ...decodeCursor(query.cursor), sort, limit: limit + 1 }
  const rows = await usersBelow(read, filter, place)
  const at = (row: UserRow) => (sort === 'seen' ? (row.last_seen_at ?? 0) : row.created_at)
  const nameOf = await roleNames(read)
  const shown = (row: UserRow) => presentUser(row, nameOf(row.role))
  const page = toPage(rows, limit, (row) => ({ at: at(row), id: row.id }), shown)
  return { ...page, total: await countUsers(read, filter) }
}
