import type { Context } from '../../../../platform/context.ts'
import { usersByIds } from '../../../auth/index.ts'
import { pointsStore } from '../../points-store.ts'
import type { ProjectRow, TrackedRunRow } from '../../tracking.repo.ts'
import { listOf, objectOf } from '../parse.ts'
import { showRun } from '../show-run.ts'
import { seenBy, trainingRunOf } from './access.ts'
import { countVisibleRuns, visibleRuns } from './api.repo.ts'
import { paged, pagingOf } from './paging.ts'
import { type Choice, type Found, choiceOf, groupRuns, matches, sortRuns } from './run-choice.ts'

/** Filters and sorts look at all of a project's runs; beyond this, at the newest. */
const mostRuns = 5000
/** Longer lists leave out what the SDK reads by itself of the runs that it needs it of. */
const mostWhole = 100

async function shown(ctx: Context, rows: readonly TrackedRunRow[]) {
  const owners = await usersByIds(
    ctx.platform.db.read,
    rows.map((row) => row.owner_id),
  )
  return rows.map((row) => {
    const { profile, ...run } = showRun(row, owners.get(row.owner_id))
    return rows.length <= mostWhole ? { ...run, profile } : run
  })
}

/** A project's runs, page by page. */
export async function listRuns(ctx: Context, project: ProjectRow, query: URLSearchParams) {
  const paging = pagingOf(query)
  const filter = { projectId: project.id, trainingRunId: trainingRunOf(ctx) }
  const { read } = ctx.platform.db
  const total = await countVisibleRuns(read, seenBy(ctx), filter)
  const rows = await visibleRuns(read, seenBy(ctx), {
    ...filter,
    limit: paging.size,
    offset: paging.offset,
  })
  return paged(await shown(ctx, rows), total, paging)
}

async function latestValues(ctx: Context, runId: string, keys: ReadonlySet<string>) {
  if (keys.size === 0) return new Map<string, number | null>()
  const heads = await pointsStore(ctx.platform).latest(runId)
  return new Map(
    heads.filter(({ key }) => keys.has(key)).map(({ key, lastValue }) => [key, lastValue] as const),
  )
}

/** A project's runs, chosen, sorted and grouped as the SDK asks; groups nest, the first one outermost. */
export async function chooseRuns(ctx: Context, project: ProjectRow, body: unknown) {
  const given = objectOf(body)
  const [filters, groups, sorts] = (['filters', 'groups', 'sorts'] as const).map((name) =>
    listOf(given[name])
      .map(choiceOf)
      .filter((choice) => choice !== null),
  ) as [Choice[], Choice[], Choice[]]
  const rows = await visibleRuns(ctx.platform.db.read, seenBy(ctx), {
    projectId: project.id,
    trainingRunId: trainingRunOf(ctx),
    limit: mostRuns,
  })
  const scalars = [...filters, ...groups, ...sorts].filter(({ type }) => type === 'SCALAR')
  const keys = new Set(scalars.map(({ key }) => key))
  const owners = await usersByIds(
    ctx.platform.db.read,
    rows.map((row) => row.owner_id),
  )
  const found: Found[] = []
  for (const row of rows) {
    const run = showRun(row, owners.get(row.owner_id))
    found.push({ run, scalars: await latestValues(ctx, row.id, keys) })
  }
  const chosen = sortRuns(
    found.filter((one) => filters.every((filter) => matches(one, filter))),
    sorts,
  )
  const isLong = chosen.length > mostWhole
  return groupRuns(chosen, groups, ({ run: { profile, ...run } }) => (isLong ? run : { ...run, profile }))
}
