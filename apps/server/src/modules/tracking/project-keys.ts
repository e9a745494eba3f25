import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { visibleParams } from '../auth/index.ts'
import { loadProject } from './load-tracked.ts'
import { pointsStore } from './points-store.ts'
import { settingsOf } from './present-tracking.ts'
import { definitionsIn } from './series-definitions.ts'
import { indexedRuns } from './tracking-pages.repo.ts'

const newestRuns = 100
const mostKeys = 5000

/** Series and settings of a project's newest runs: what can be a column or a chart. */
export async function projectKeys(
  ctx: Context,
  projectId: string,
): Promise<RouteReply<'tracking.projectKeys'>> {
  const { read } = ctx.platform.db
  await loadProject(ctx, read, projectId, 'read')
  const rows = await indexedRuns(read, visibleParams(ctx.actor), {
    projectId,
    state: null,
    limit: newestRuns,
  })
  const definitionOf = await definitionsIn(read, projectId)
  const metrics = new Map<string, RouteReply<'tracking.projectKeys'>['metrics'][number]>()
  const settings = new Set<string>()
  const store = pointsStore(ctx.platform)
  const heads = await Promise.all(rows.map((row) => store.latest(row.id)))
  rows.forEach((row, index) => {
    for (const { key } of settingsOf(row)) settings.add(key)
    for (const { key, type } of heads[index] ?? []) {
      const known = metrics.get(key)
      if (known) known.runs++
      else if (metrics.size < mostKeys) metrics.set(key, { key, type, runs: 1, ...definitionOf(key) })
    }
  })
  return { metrics: [...metrics.values()], settings: [...settings].slice(0, mostKeys) }
}
