import type { Module } from '../../platform/http/index.ts'
import { handlers } from '../../platform/http/index.ts'
import { livePoints, openPointsTopic } from './live-points.ts'
import { chart, listSeries, readLines, readPoints } from './read-series.ts'
import { swanlabHandlers } from './swanlab/swanlab.routes.ts'
import { trackingMigrations } from './tracking.migrations.ts'

export { endTrackedRun, ensureTrackedRun } from './tracked-runs.ts'
export type { AnnouncedRun, EndState } from './tracked-runs.ts'

const trackingHandlers = handlers('tracking', {
  'tracking.series': (ctx, { params }) => listSeries(ctx, params.id),
  'tracking.points': (ctx, { params, query }) => readPoints(ctx, params.id, query),
  'tracking.chart': (ctx, { params, query }) => chart(ctx, params.id, query),
  'tracking.lines': (ctx, { params, query }) => readLines(ctx, params.id, query),
})

export const trackingModule: Module = {
  name: 'tracking',
  migrations: trackingMigrations,
  routes: { ...trackingHandlers, ...swanlabHandlers },
  async start(platform) {
    platform.events.topics.register('points', { open: openPointsTopic })
    platform.events.onChange('points', (change) => livePoints(platform).arrived(change.id))
  },
}
