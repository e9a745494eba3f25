import type { Role } from '@anneal/contract'
import { type Expression, type SqlBool, sql } from 'kysely'
import type { Reader } from '../../../platform/db/index.ts'
import { defineQuery, defineShapes } from '../../../platform/db/index.ts'
import type { AuthTables, UserRow } from '../auth.tables.ts'

const query = defineQuery<AuthTables>()
const shapes = defineShapes<AuthTables>()

export type UserSort = 'name' | 'role' | 'seen' | 'created'

export interface UserFilter {
  /** Lower-cased and escaped by `!`; null: all. */
  pattern: string | null
  role: Role | null
  state: 'active' | 'disabled' | null
  group: string | null
  factor: 'on' | 'off' | null
}

/** What a filter makes of the text of a query. */
interface FilterShape {
  search: boolean
  role: boolean
  state: 'active' | 'disabled' | 'any'
  group: boolean
  factor: 'on' | 'off' | 'any'
}

interface FilterParams {
  pattern: string
  role: string
  group: string
}

export type ListedRow = UserRow & { totp: number | string; passkeys: number | string }

const columns: Record<UserSort, 'name_key' | 'role' | 'last_seen_at' | 'created_at'> = {
  name: 'name_key',
  role: 'role',
  seen: 'last_seen_at',
  created: 'created_at',
}

function shapeOf({ pattern, role, state, group, factor }: UserFilter): FilterShape {
  return {
    search: pattern !== null,
    role: role !== null,
    state: state ?? 'any',
    group: group !== null,
    factor: factor ?? 'any',
  }
}

const paramsOf = ({ pattern, role, group }: UserFilter): FilterParams => ({
  pattern: pattern ?? '',
  role: role ?? '',
  group: group ?? '',
})

const hasFactor = sql<SqlBool>`(exists (select 1 from user_totp t where t.user_id = u.id)
  or exists (select 1 from user_passkey y where y.user_id = u.id))`

function conditions(shape: FilterShape, p: { readonly [K in keyof FilterParams]: FilterParams[K] }) {
  const parts: Expression<SqlBool>[] = [sql<SqlBool>`u.kind <> 'deleted'`]
  if (shape.search)
    parts.push(
      sql<SqlBool>`(u.mail_key like ${p.pattern} escape '!' or u.name_key like ${p.pattern} escape '!')`,
    )
  if (shape.role) parts.push(sql<SqlBool>`u.role = ${p.role}`)
  if (shape.state === 'active') parts.push(sql<SqlBool>`u.disabled_at is null`)
  if (shape.state === 'disabled') parts.push(sql<SqlBool>`u.disabled_at is not null`)
  if (shape.group)
    parts.push(
      sql<SqlBool>`u.id in (select m.user_id from user_group_member m where m.group_id = ${p.group})`,
    )
  if (shape.factor === 'on') parts.push(hasFactor)
  if (shape.factor === 'off') parts.push(sql<SqlBool>`not ${hasFactor}`)
  return sql.join<SqlBool>(parts, sql` and `)
}

type PlaceShape = FilterShape & {
  sort: UserSort
  order: 'asc' | 'desc'
  /** `first`: no place yet. `unseen`: among those who never came, which stand behind all others. */
  from: 'first' | 'value' | 'unseen' | 'unseen-first'
}

const usersFrom = shapes<
  PlaceShape,
  FilterParams & { at: string | number; id: string; limit: number },
  ListedRow
>((k, p, shape) => {
  const column = sql.ref(`u.${columns[shape.sort]}`)
  const later = sql.raw(shape.order === 'asc' ? '>' : '<')
  let rows = k
    .selectFrom('user_account as u')
    .selectAll('u')
    .select([
      sql<number>`(select count(*) from user_totp t where t.user_id = u.id)`.as('totp'),
      sql<number>`(select count(*) from user_passkey y where y.user_id = u.id)`.as('passkeys'),
    ])
    .where(conditions(shape, p))
  const unseen = shape.from === 'unseen' || shape.from === 'unseen-first'
  if (shape.sort === 'seen') rows = rows.where('u.last_seen_at', unseen ? 'is' : 'is not', null)
  if (shape.from === 'value')
    rows = rows.where(
      sql<SqlBool>`(${column} ${later} ${p.at} or (${column} = ${p.at} and u.id ${later} ${p.id}))`,
    )
  if (shape.from === 'unseen') rows = rows.where(sql<SqlBool>`u.id ${later} ${p.id}`)
  if (!unseen) rows = rows.orderBy(column, shape.order)
  return rows.orderBy('u.id', shape.order).limit(p.limit)
})

const usersCounted = shapes<FilterShape, FilterParams, { n: number | string }>((k, p, shape) =>
  k
    .selectFrom('user_account as u')
    .select(sql<number>`count(*)`.as('n'))
    .where(conditions(shape, p)),
)

/** Where a page of the list ended; `at` is null among those who never came. */
export interface UserPlace {
  at: string | number | null
  id: string
}

/** Users behind a place of the list. Those who never came stand behind all others, whichever the order. */
export async function usersAfter(
  reader: Reader,
  filter: UserFilter,
  list: { sort: UserSort; order: 'asc' | 'desc'; limit: number },
  place: UserPlace | null,
): Promise<ListedRow[]> {
  const { sort, order, limit } = list
  const shape = { ...shapeOf(filter), sort, order }
  const params = { ...paramsOf(filter), at: place?.at ?? 0, id: place?.id ?? '', limit }
  if (place && place.at === null) return reader.all(usersFrom({ ...shape, from: 'unseen' }), params)
  const rows = await reader.all(usersFrom({ ...shape, from: place ? 'value' : 'first' }), params)
  if (sort !== 'seen' || rows.length >= limit) return rows
  const rest = { ...params, limit: limit - rows.length }
  return [...rows, ...(await reader.all(usersFrom({ ...shape, from: 'unseen-first' }), rest))]
}

export async function countUsers(reader: Reader, filter: UserFilter): Promise<number> {
  const row = await reader.first(usersCounted(shapeOf(filter)), paramsOf(filter))
  return Number(row?.n ?? 0)
}

export const listedUser = query<{ id: string }, ListedRow>((k, p) =>
  k
    .selectFrom('user_account as u')
    .selectAll('u')
    .select([
      sql<number>`(select count(*) from user_totp t where t.user_id = u.id)`.as('totp'),
      sql<number>`(select count(*) from user_passkey y where y.user_id = u.id)`.as('passkeys'),
    ])
    .where('u.id', '=', p.id)
    .where('u.kind', '<>', 'deleted'),
)

/** The groups of some people, by person. */
export async function groupsOfUsers(
  reader: Reader,
  ids: readonly string[],
): Promise<Map<string, { id: string; name: string }[]>> {
  const found = new Map<string, { id: string; name: string }[]>()
  if (ids.length === 0) return found
  const rows = await reader.dynamic<AuthTables, { user_id: string; id: string; name: string }>((k) =>
    k
      .selectFrom('user_group_member as m')
      .innerJoin('user_group as g', 'g.id', 'm.group_id')
      .select(['m.user_id', 'g.id', 'g.name'])
      .where('m.user_id', 'in', ids)
      .where('g.deleted_at', 'is', null)
      .orderBy('g.name_key'),
  )
  for (const { user_id: userId, id, name } of rows)
    found.set(userId, [...(found.get(userId) ?? []), { id, name }])
  return found
}
