import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, encodeCursor } from '../../platform/cursor.ts'
import { AppError } from '../../platform/errors.ts'
import { aboutResources, visibleParams } from '../auth/index.ts'
import { loadProject } from './load-tracked.ts'
import { pointsStore } from './points-store.ts'
import { presentTrackedRun, settingsOf, tagsOf } from './present-tracking.ts'
import { matchesFilter, parseRunFilter } from './run-filter.ts'
import { type RunSortKey, sortRuns } from './sort-runs.ts'
import { type IndexedRun, indexedRuns, runsByIds } from './tracking-pages.repo.ts'

type Query = RouteHandlerInput<'tracking.runs'>['query']

/** What of a project is looked through; older runs than these are found by narrowing by state. */
const mostRuns = 10_000

function keysOf(text: string | undefined): string[] {
  if (!text) return []
  try {
    const keys: unknown = JSON.parse(text)
    if (Array.isArray(keys) && keys.every((key) => typeof key === 'string')) return keys.slice(0, 20)
  } catch {
    // Said below.
  }
  throw new AppError(
    'platform.invalid-input',
    {},
    { fields: [{ pointer: '/query/keys', code: 'wrong-format' }] },
  )
}

async function lastValues(
  ctx: Context,
  runIds: readonly string[],
  keys: readonly string[],
): Promise<(number | null)[][]> {
  if (keys.length === 0) return runIds.map(() => [])
  return pointsStore(ctx.platform).lastValues(runIds, keys)
}

async function sortKeys(ctx: Context, rows: readonly IndexedRun[], query: Query): Promise<RunSortKey[]> {
  const now = ctx.platform.clock.now()
  const { by = '' } = query
  switch (query.sort) {
    case 'created':
      return rows.map((row) => row.created_at)
    case 'name':
      return rows.map((row) => row.name.toLowerCase())
    case 'duration':
      return rows.map((row) => (row.started_at === null ? null : (row.finished_at ?? now) - row.started_at))
    case 'setting':
      return rows.map((row) => settingsOf(row).find(({ key }) => key === by)?.value ?? null)
    case 'value':
      return (
        await lastValues(
          ctx,
          rows.map((row) => row.id),
          [by],
        )
      ).map(([value]) => value ?? null)
  }
}

async function ordered(ctx: Context, projectId: string, query: Query): Promise<string[]> {
  const rows = await indexedRuns(ctx.platform.db.slow, visibleParams(ctx.actor), {
    projectId,
    state: query.state ?? null,
    limit: mostRuns,
  })
  const filter = parseRunFilter(query.search ?? '')
  const found = rows.filter((row) =>
    matchesFilter(filter, {
      name: row.name,
      description: row.description ?? '',
      tags: tagsOf(row),
      settings: filter.conditions.length > 0 ? settingsOf(row) : [],
    }),
  )
  const keys = await sortKeys(ctx, found, query)
  return sortRuns(
    found.map((row) => row.id),
    keys,
    query.order,
  )
}

/** Runs of a project that the actor may see, filtered and sorted, with the last values asked for. */
export async function listTrackedRuns(
  ctx: Context,
  projectId: string,
  query: Query,
): Promise<RouteReply<'tracking.runs'>> {
  const { read } = ctx.platform.db
  const project = await loadProject(ctx, read, projectId, 'read')
  const keys = keysOf(query.keys)
  const ids = await ordered(ctx, projectId, query)
  const cursor = decodeCursor(query.cursor)
  // After the run that ended the last page; where that is gone meanwhile, by its place.
  const from = query.cursor ? ids.indexOf(cursor.id) + 1 || Math.min(cursor.at, ids.length) : 0
  const shown = ids.slice(from, from + query.limit)
  const rows = new Map((await runsByIds(read, shown)).map((row) => [row.id, row]))
  const about = await aboutResources(read, ctx.actor, 'tracked-run', [...rows.values()])
  const values = await lastValues(ctx, shown, keys)
  const items = shown.flatMap((id, index) => {
    const row = rows.get(id)
    if (!row) return []
    const run = presentTrackedRun(row, { project, readable: true, about })
    return [{ ...run, values: values[index] ?? [] }]
  })
  const last = shown.at(-1)
  const end = from + shown.length
  const nextCursor = last && end < ids.length ? encodeCursor({ at: end, id: last }) : null
  return { items, nextCursor, total: ids.length }
}
