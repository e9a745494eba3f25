import type { RouteHandlerInput } from '@anneal/contract'
import { type Context, perPlatform } from '../../platform/context.ts'
import { instanceZone } from '../../platform/instance-settings.ts'
import { Kept } from '../../platform/kept.ts'
import { actorUserId, keysByIds, usersByIds } from '../auth/index.ts'
import { daysOf } from './days.ts'
import {
  addFigures,
  Groups,
  medianFirstToken,
  noSums,
  type UsageGroup,
  type UsageReport,
  type UsageTotals,
} from './figures.ts'
import { firstTokens, groupRows, type Halves, halvesOf } from './gather.ts'
import type { Dimension, GroupRow, Span } from './quarters.queries.ts'
import { restKey } from './quarters.queries.ts'
import { ledgerWrites } from './record-call.ts'
import { spanOf } from './span-of.ts'

type Asked = RouteHandlerInput<'usage.report'>['query']
type Names = (by: Dimension, row: GroupRow) => string | null

const dimensions: readonly Dimension[] = ['model', 'user', 'key', 'via']
const mostGroups = 200
/** By each measure, more than a chart tells apart. */
const apart = 12

async function totalsOf(halves: Halves): Promise<UsageTotals> {
  const sums = noSums()
  for (const row of await groupRows(halves, 'via', null)) addFigures(sums, row)
  return { ...sums, firstTokenMs: medianFirstToken(await firstTokens(halves)) }
}

/** Names of the users and keys that occur; a model is called what its calls said last. */
async function namesOf(ctx: Context, byDimension: Record<Dimension, GroupRow[]>): Promise<Names> {
  const ids = (by: Dimension) => [...new Set(byDimension[by].flatMap((row) => row.key ?? []))]
  const users = await usersByIds(ctx.platform.db.read, ids('user'))
  const keys = await keysByIds(ctx.platform.db.read, ids('key'))
  return (by, row) => {
    if (row.key === null) return null
    if (by === 'user') return users.get(row.key)?.name ?? null
    if (by === 'key') return keys.get(row.key)?.name ?? null
    return by === 'model' ? row.model_name : row.key
  }
}

/** Those that a chart may show apart: the largest of the whole span by any measure. */
function largestKeys(groups: readonly UsageGroup[]): string[] {
  const measures = [
    (group: UsageGroup) => Math.max(0, ...group.costs.map((cost) => cost.micros)),
    (group: UsageGroup) => group.requests,
    (group: UsageGroup) => group.inputTokens + group.outputTokens,
  ]
  const largest = measures.flatMap((measure) =>
    groups.toSorted((a, b) => measure(b) - measure(a)).slice(0, apart),
  )
  return [...new Set(largest.flatMap((group) => group.key ?? []))]
}

function byDay(
  rows: readonly GroupRow[],
  days: readonly { day: string }[],
  name: (row: GroupRow) => string | null,
): UsageReport['days'] {
  const groups = days.map(() => new Groups())
  for (const row of rows) groups[row.slot]?.add(row.key, row.key === restKey ? null : name(row), row)
  return days.map(({ day }, index) => ({ day, groups: groups[index]?.sorted() ?? [] }))
}

async function report(ctx: Context, query: Asked, userId: string | null): Promise<UsageReport> {
  const { from, to, zone } = spanOf(ctx, query)
  const reader = ctx.platform.db.slow
  const span: Span = { from, to, userId }
  const halves = await halvesOf(reader, span)
  const days = daysOf(zone, from, to)
  const whole = await Promise.all(dimensions.map((by) => groupRows(halves, by, null)))
  const byDimension = Object.fromEntries(dimensions.map((by, at) => [by, whole[at] ?? []])) as Record<
    Dimension,
    GroupRow[]
  >
  const name = await namesOf(ctx, byDimension)
  const sorted = (by: Dimension) => {
    const groups = new Groups()
    for (const row of byDimension[by]) groups.add(row.key, name(by, row), row)
    return groups.sorted()
  }
  const cut = { begins: days.map(({ begin }) => begin), keys: largestKeys(sorted(query.by)) }
  const shown = (by: Dimension) => sorted(by).slice(0, mostGroups)
  const before = await totalsOf(await halvesOf(reader, { ...span, from: from - (to - from), to: from }))
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    zone,
    totals: await totalsOf(halves),
    before: before.requests > 0 ? before : null,
    days: byDay(await groupRows(halves, query.by, cut), days, (row) => name(query.by, row)),
    groups: { model: shown('model'), user: shown('user'), key: shown('key'), via: shown('via') },
  }
}

const mostReports = 100
const kept = perPlatform((platform) => ({
  reports: new Kept<UsageReport>(platform, ['user'], mostReports),
  writes: ledgerWrites(),
}))

/** Home asks for the month with each look: it is read again once this server has written a call, or soon after another has. */
function keptReport(ctx: Context, query: Asked, userId: string | null): Promise<UsageReport> {
  const memory = kept(ctx.platform)
  if (memory.writes !== ledgerWrites()) {
    memory.writes = ledgerWrites()
    memory.reports.forget()
  }
  const { from, to, zone = ctx.platform.settings.get(instanceZone), by } = query
  return memory.reports.get(JSON.stringify([userId, from, to, zone, by]), () => report(ctx, query, userId))
}

/** What everyone's calls took. */
export const reportUsage = (ctx: Context, query: Asked): Promise<UsageReport> => keptReport(ctx, query, null)

/** What the asker's own calls took. */
export const reportMine = (ctx: Context, query: Asked): Promise<UsageReport> =>
  keptReport(ctx, query, actorUserId(ctx.actor))
