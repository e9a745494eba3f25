import { perPlatform } from '../../platform/context.ts'
import type { Module } from '../../platform/http/index.ts'
import { declareRemoval } from '../auth/index.ts'
import { deleteProject } from './delete-project.ts'
import { deleteTrackedRun } from './delete-tracked-run.ts'
import { keepFreeing } from './free-deleted.ts'
import { livePoints, openPointsTopic } from './live-points.ts'
import { swanlabApiHandlers } from './swanlab/api/api.routes.ts'
import { keepPruning } from './swanlab/prune.ts'
import { swanlabHandlers } from './swanlab/swanlab.routes.ts'
import { pointsStore } from './points-store.ts'
import { moveOldRows } from './points/move-old-rows.ts'
import { pointsMigrations } from './points/points.migrations.ts'
import { trackingMigrations } from './tracking.migrations.ts'
import { trackingHandlers } from './tracking.routes.ts'

export { endTrackedRun, ensureTrackedRun } from './tracked-runs.ts'
export type { AnnouncedRun, EndState } from './tracked-runs.ts'

const pruning = perPlatform<{ stop?: () => Promise<void>; stopFreeing?: () => void }>(() => ({}))

declareRemoval('project', deleteProject)
declareRemoval('tracked-run', deleteTrackedRun)

export const trackingModule: Module = {
  name: 'tracking',
  migrations: [...trackingMigrations, ...pointsMigrations],
  routes: { ...trackingHandlers, ...swanlabHandlers, ...swanlabApiHandlers },
  async start(platform) {
    await pointsStore(platform).open()
    await moveOldRows(platform.db, pointsStore(platform), platform.log)
    platform.events.topics.register('points', { permission: 'tracking.read', open: openPointsTopic })
    platform.events.onChange('points', (change) => livePoints(platform).arrived(change.id))
  },
  async ready(platform) {
    pruning(platform).stop = keepPruning(platform)
    pruning(platform).stopFreeing = keepFreeing(platform)
  },
  async stop(platform) {
    pruning(platform).stopFreeing?.()
    await pruning(platform).stop?.()
    livePoints(platform).stop()
    await pointsStore(platform).close()
  },
}
