import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { containing } from '../../platform/names/index.ts'
import { presentListed } from './people/present-listed.ts'
import type { ListedRow, UserFilter, UserPlace, UserSort } from './people/user-list.repo.ts'
import { countUsers, usersAfter } from './people/user-list.repo.ts'

type Query = Partial<RouteHandlerInput<'auth.listUsers'>['query']> & { limit: number }

const usualOrder = { name: 'asc', role: 'asc', seen: 'desc', created: 'desc' } as const

function filterOf({ search, role, state, group, factor }: Query): UserFilter {
  const text = search?.trim()
  return {
    pattern: text ? containing(text) : null,
    role: role ?? null,
    state: state ?? null,
    group: group ?? null,
    factor: factor ?? null,
  }
}

/** Of a missing or unreadable cursor the beginning. */
function placeOf(cursor: string | undefined, sort: UserSort): UserPlace | null {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString()) as unknown[]
    if (typeof id !== 'string') return null
    if (at === null) return sort === 'seen' ? { at, id } : null
    const wanted = sort === 'name' || sort === 'role' ? 'string' : 'number'
    return typeof at === wanted ? { at: at as string | number, id } : null
  } catch {
    return null
  }
}

function valueOf(row: ListedRow, sort: UserSort): string | number | null {
  if (sort === 'name') return row.name_key
  if (sort === 'role') return row.role
  return sort === 'seen' ? row.last_seen_at && Number(row.last_seen_at) : Number(row.created_at)
}

/** Users in the order asked for, and how many the filters leave. */
export async function listUsers(ctx: Context, query: Query): Promise<RouteReply<'auth.listUsers'>> {
  const { read } = ctx.platform.db
  const filter = filterOf(query)
  const { sort = 'created', limit } = query
  const list = { sort, order: query.order ?? usualOrder[sort], limit: limit + 1 }
  const rows = await usersAfter(read, filter, list, placeOf(query.cursor, sort))
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const place = last && rows.length > limit ? JSON.stringify([valueOf(last, sort), last.id]) : null
  return {
    items: await presentListed(read, shown),
    nextCursor: place && Buffer.from(place).toString('base64url'),
    total: await countUsers(read, filter),
  }
}
