import { type ExpressionBuilder, sql } from 'kysely'
import { defineQuery, type Reader } from '../../platform/db/index.ts'
import type { ModelCallRow } from './usage.repo.ts'

export const quarterMs = 15 * 60_000

/** What the calls of one quarter of an hour by one user, key, model, way in and currency took. */
export interface QuarterRow {
  id: string
  quarter: number
  user_id: string | null
  key_id: string | null
  model_id: string | null
  model_name: string
  via: string
  currency: string | null
  requests: number
  errors: number
  unpriced: number
  input_tokens: number
  cached_input_tokens: number
  reasoning_tokens: number
  output_tokens: number
  cost_micros: number
}

export interface FirstTokenRow {
  id: string
  quarter: number
  user_id: string | null
  bucket: number
  calls: number
}

interface Tables {
  model_call: ModelCallRow
  usage_quarter: QuarterRow
  usage_first_token: FirstTokenRow
  usage_mark: { id: string; until: number }
}

export interface Span {
  /** Unix milliseconds, the end not included. */
  from: number
  to: number
  /** One person's calls alone; null: everyone's. */
  userId: string | null
}

const query = defineQuery<Tables>()
/** A database server gives sums as text. */
const asNumbers = <R extends object>(rows: readonly R[], keys: readonly (keyof R)[]): R[] =>
  rows.map((row) => ({ ...row, ...Object.fromEntries(keys.map((key) => [key, Number(row[key] ?? 0)])) }))

const figures = [
  'requests',
  'errors',
  'unpriced',
  'input_tokens',
  'cached_input_tokens',
  'reasoning_tokens',
  'output_tokens',
  'cost_micros',
] as const
export type Figures = Pick<QuarterRow, (typeof figures)[number]>

const quarterOf = sql<number>`recorded_at - recorded_at % ${sql.lit(quarterMs)}`

const sumOf = (column: string) => sql<number>`coalesce(sum(${sql.ref(column)}), 0)`

/** The ledger's rows of a span, put together by quarter. */
export async function quartersOfCalls(reader: Reader, span: Span): Promise<Omit<QuarterRow, 'id'>[]> {
  const rows = await reader.dynamic<Tables, Omit<QuarterRow, 'id'>>((k) => {
    let calls = k
      .selectFrom('model_call')
      .select(['user_id', 'key_id', 'model_id', 'model_name', 'via', 'currency'])
      .select([
        quarterOf.as('quarter'),
        sql<number>`count(*)`.as('requests'),
        sql<number>`sum(case when outcome = 'failed' then 1 else 0 end)`.as('errors'),
        sql<number>`sum(case when cost_micros is null then 1 else 0 end)`.as('unpriced'),
        sumOf('input_tokens').as('input_tokens'),
        sumOf('cached_input_tokens').as('cached_input_tokens'),
        sumOf('reasoning_tokens').as('reasoning_tokens'),
        sumOf('output_tokens').as('output_tokens'),
        sumOf('cost_micros').as('cost_micros'),
      ])
      .where('recorded_at', '>=', span.from)
      .where('recorded_at', '<', span.to)
      .groupBy(['user_id', 'key_id', 'model_id', 'model_name', 'via', 'currency', quarterOf])
    if (span.userId !== null) calls = calls.where('user_id', '=', span.userId)
    return calls
  })
  return asNumbers(rows, ['quarter', ...figures])
}

/** 1.03 to the power of a bucket is its time in milliseconds. */
const perBucket = Math.log(1.03)
export const bucketTime = (bucket: number): number => Math.exp((bucket + 0.5) * perBucket)
const bucketOf = sql<number>`case when first_token_ms < 1 then 0 else floor(ln(first_token_ms) / ${sql.lit(perBucket)}) end`

/** The first tokens of a span, by quarter, user and bucket. */
export async function firstTokensOfCalls(reader: Reader, span: Span): Promise<Omit<FirstTokenRow, 'id'>[]> {
  const rows = await reader.dynamic<Tables, Omit<FirstTokenRow, 'id'>>((k) => {
    let calls = k
      .selectFrom('model_call')
      .select(['user_id'])
      .select([quarterOf.as('quarter'), bucketOf.as('bucket'), sql<number>`count(*)`.as('calls')])
      .where('recorded_at', '>=', span.from)
      .where('recorded_at', '<', span.to)
      .where('first_token_ms', 'is not', null)
      .groupBy(['user_id', quarterOf, bucketOf])
    if (span.userId !== null) calls = calls.where('user_id', '=', span.userId)
    return calls
  })
  return asNumbers(rows, ['quarter', 'bucket', 'calls'])
}

export const markUntil = query<{ id: string }, { until: number }>((k, p) =>
  k.selectFrom('usage_mark').select('until').where('id', '=', p.id),
)
export const insertMark = query<{ id: string; until: number }, unknown>((k, p) =>
  k.insertInto('usage_mark').values({ id: p.id, until: p.until }),
)
/** Compare and set: only one server moves it from where it stood. */
export const moveMark = query<{ id: string; from: number; until: number }, unknown>((k, p) =>
  k.updateTable('usage_mark').set({ until: p.until }).where('id', '=', p.id).where('until', '=', p.from),
)

/** When the first call from a time on was recorded. */
export const firstRecorded = query<{ from: number }, { recorded_at: number }>((k, p) =>
  k
    .selectFrom('model_call')
    .select('recorded_at')
    .where('recorded_at', '>=', p.from)
    .orderBy('recorded_at')
    .limit(1),
)

export const insertQuarter = query<QuarterRow, unknown>((k, p) =>
  k.insertInto('usage_quarter').values({
    id: p.id,
    quarter: p.quarter,
    user_id: p.user_id,
    key_id: p.key_id,
    model_id: p.model_id,
    model_name: p.model_name,
    via: p.via,
    currency: p.currency,
    requests: p.requests,
    errors: p.errors,
    unpriced: p.unpriced,
    input_tokens: p.input_tokens,
    cached_input_tokens: p.cached_input_tokens,
    reasoning_tokens: p.reasoning_tokens,
    output_tokens: p.output_tokens,
    cost_micros: p.cost_micros,
  }),
)
export const insertFirstTokens = query<FirstTokenRow, unknown>((k, p) =>
  k.insertInto('usage_first_token').values({
    id: p.id,
    quarter: p.quarter,
    user_id: p.user_id,
    bucket: p.bucket,
    calls: p.calls,
  }),
)

export const dimensionColumn = { model: 'model_id', user: 'user_id', key: 'key_id', via: 'via' } as const
export type Dimension = keyof typeof dimensionColumn

export type GroupRow = Figures & {
  key: string | null
  model_name: string
  currency: string | null
  slot: number
}

type QuarterTable = ExpressionBuilder<Tables, 'usage_quarter'>
const within = (span: Span) => (eb: QuarterTable) =>
  eb.and([
    eb('quarter', '>=', span.from),
    eb('quarter', '<', span.to),
    ...(span.userId === null ? [] : [eb('user_id', '=', span.userId)]),
  ])

/** How a report is cut by days: where each begins, and the groups that stand apart; all others are one, `restKey`. */
export interface DayCut {
  begins: readonly number[]
  keys: readonly string[]
}
export const restKey = 'rest'

/** Which day a quarter belongs to, as its place among the beginnings. */
const dayOf = (begins: readonly number[]) => {
  const cases = begins.slice(1).map((begin, at) => sql`when quarter < ${sql.lit(begin)} then ${sql.lit(at)}`)
  return cases.length === 0
    ? sql<number>`0`
    : sql<number>`case ${sql.join(cases, sql` `)} else ${sql.lit(begins.length - 1)} end`
}

const keyOf = (by: Dimension, keys: readonly string[]) => {
  const column = sql.ref(dimensionColumn[by])
  const apart = keys.length === 0 ? sql`` : sql`when ${column} in (${sql.join(keys)}) then ${column}`
  return sql<string | null>`case when ${column} is null then null ${apart} else ${sql.lit(restKey)} end`
}

/** The quarters of a span, put together by one dimension and currency, and by day where `cut` says how. */
export async function groupsOfQuarters(
  reader: Reader,
  span: Span,
  by: Dimension,
  cut: DayCut | null,
): Promise<GroupRow[]> {
  const rows = await reader.dynamic<Tables, GroupRow>((k) =>
    k
      .selectFrom((eb) =>
        eb
          .selectFrom('usage_quarter')
          .select(['model_name', 'currency', ...figures])
          .select([
            (cut ? keyOf(by, cut.keys) : sql<string | null>`${sql.ref(dimensionColumn[by])}`).as('key'),
            (cut ? dayOf(cut.begins) : sql<number>`0`).as('slot'),
          ])
          .where(within(span))
          .as('part'),
      )
      .select(['key', 'currency', 'slot', sql<string>`max(model_name)`.as('model_name')])
      .select(figures.map((figure) => sumOf(figure).as(figure)))
      .groupBy(['key', 'currency', 'slot'])
      .$castTo<GroupRow>(),
  )
  return asNumbers(rows, ['slot', ...figures])
}

/** The first tokens of a span by bucket. */
export async function firstTokensOfQuarters(
  reader: Reader,
  span: Span,
): Promise<{ bucket: number; calls: number }[]> {
  const rows = await reader.dynamic<Tables, { bucket: number; calls: number }>((k) => {
    let groups = k
      .selectFrom('usage_first_token')
      .select(['bucket', sumOf('calls').as('calls')])
      .where('quarter', '>=', span.from)
      .where('quarter', '<', span.to)
      .groupBy('bucket')
    if (span.userId !== null) groups = groups.where('user_id', '=', span.userId)
    return groups
  })
  return asNumbers(rows, ['bucket', 'calls'])
}

/** The quarters of a span as they are, oldest first, above a cursor: for an export. */
export async function quartersAbove(
  reader: Reader,
  span: Span,
  above: { quarter: number; id: string },
  limit: number,
): Promise<QuarterRow[]> {
  const rows = await reader.dynamic<Tables, QuarterRow>((k) =>
    k
      .selectFrom('usage_quarter')
      .selectAll()
      .where(within(span))
      .where('quarter', '>=', above.quarter)
      .where((eb) => eb.or([eb('quarter', '>', above.quarter), eb('id', '>', above.id)]))
      .orderBy('quarter')
      .orderBy('id')
      .limit(limit),
  )
  return asNumbers(rows, ['quarter', ...figures])
}
