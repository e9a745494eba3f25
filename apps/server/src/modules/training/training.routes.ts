import { handlers } from '../../platform/http/index.ts'
import { trainingDefaults } from './defaults.ts'
import { deleteRun, restoreRun } from './delete-run.ts'
import { engineOf } from './engine/engine-keeper.ts'
import { readEngineLog, readRunLog } from './read-log.ts'
import { getRun, readCheckpoints, readRuns } from './read-runs.ts'
import { retryRun } from './retry-run.ts'
import { startRun } from './start-run.ts'
import { stopRun } from './stop-run.ts'

export const trainingRoutes = handlers('training', {
  'training.engine': (ctx) => engineOf(ctx.platform).view(),
  'training.prepareEngine': (ctx) => engineOf(ctx.platform).ask(ctx),
  'training.engineLog': (ctx, { query }) => readEngineLog(ctx, query),
  'training.defaults': (ctx, { query }) => trainingDefaults(ctx, query),
  'training.list': (ctx, { query }) => readRuns(ctx, query),
  'training.start': (ctx, { body }) => startRun(ctx, body),
  'training.retry': (ctx, { params, body }) => retryRun(ctx, params.id, body),
  'training.get': (ctx, { params }) => getRun(ctx, params.id),
  'training.log': (ctx, { params, query }) => readRunLog(ctx, params.id, query),
  'training.checkpoints': (ctx, { params }) => readCheckpoints(ctx, params.id),
  'training.stop': (ctx, { params }) => stopRun(ctx, params.id),
  'training.delete': (ctx, { params }) => deleteRun(ctx, params.id),
  'training.restore': (ctx, { params }) => restoreRun(ctx, params.id),
})
