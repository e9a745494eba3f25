import type { Module } from '../../platform/http/index.ts'
import { declareRemoval } from '../auth/index.ts'
import { deleteRun } from './delete-run.ts'
import { engineOf, prepareJob } from './engine/engine-keeper.ts'
import { closeLogs, openLogTopic } from './read-log.ts'
import { supervisorOf } from './supervisor.ts'
import { trainingMigrations } from './training.migrations.ts'
import { trainingRoutes } from './training.routes.ts'

export { engineOf } from './engine/engine-keeper.ts'
export type { EngineView } from './engine/engine-keeper.ts'
export { trainerEnvironment } from './engine/child-environment.ts'
export { lastWord } from './ending.ts'
export { onRunEnded } from './finish-run.ts'
export type { EndedRun } from './finish-run.ts'
export { enginePaths } from './engine/engine-paths.ts'
export { requireModelFolder } from './model-folder.ts'
export { addLogSource, logOf } from './read-log.ts'
export type { LogSource } from './read-log.ts'
export type { BaseModel } from './run-state.ts'
export { baseModelPath, baseToServe, resultToServe } from './servable.ts'
export type { Servable } from './servable.ts'

declareRemoval('training-run', deleteRun)

export const trainingModule: Module = {
  name: 'training',
  migrations: trainingMigrations,
  routes: trainingRoutes,
  async start(platform) {
    const engine = engineOf(platform)
    platform.jobs.define({ kind: prepareJob(platform), concurrency: 1, run: (job) => engine.run(job) })
    platform.events.topics.register('log', { permission: 'training.read', open: openLogTopic })
    /* A stop that was asked for on another server. */
    platform.events.onChange('training-run', (change) => {
      if (change.data?.['stop']) supervisorOf(platform).requestStop(change.id)
    })
  },
  /* The trainers call back to this server: it must listen before it starts or takes over any. */
  async ready(platform) {
    const engine = engineOf(platform)
    engine.onReady(() => supervisorOf(platform).pump())
    await engine.start()
    await supervisorOf(platform).start()
  },
  async stop(platform) {
    engineOf(platform).stop()
    await supervisorOf(platform).stop()
    await closeLogs(platform)
  },
}
