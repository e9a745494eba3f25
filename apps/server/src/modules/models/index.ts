import type { Module } from '../../platform/http/index.ts'
import { declareRemoval } from '../auth/index.ts'
import { deleteConnection } from './delete-connection.ts'
import { deleteModel } from './write-model.ts'
import { forgetModelNames } from './model-names.ts'
import { forgetNamedModels } from './named-model.ts'
import { modelsMigrations } from './models.migrations.ts'
import { modelsRoutes } from './models.routes.ts'
import { definePullJob } from './run-pull.ts'

export { callableModel } from './callable-model.ts'
export type { CallableModel } from './callable-model.ts'
export { modelFor } from './load.ts'
export { callableModelNamed } from './named-model.ts'
export type { CallableNamedModel } from './named-model.ts'
export { usableModels } from './usable-models.ts'
export { modelNames } from './model-names.ts'
export { noteCall, onModelFailing } from './note-call.ts'
export type { FailingModel } from './note-call.ts'
export { plainParams, problemOf } from './problem.ts'
export type { Problem } from './problem.ts'
export {
  registerServedModel,
  removeServedModel,
  restoreServedModel,
  setServedModelState,
} from './served-models.ts'
export type { ServedModel } from './served-models.ts'

declareRemoval('connection', deleteConnection)
declareRemoval('model', deleteModel)

export const modelsModule: Module = {
  name: 'models',
  migrations: modelsMigrations,
  routes: modelsRoutes,
  secrets: [{ table: 'connection', key: 'id', column: 'api_key' }],
  async start(platform) {
    definePullJob(platform)
    platform.events.onChange('model', () => forgetModelNames(platform))
    for (const kind of ['model', 'connection']) {
      platform.events.onChange(kind, () => forgetNamedModels(platform))
      platform.events.onCommitted(kind, () => forgetNamedModels(platform))
    }
  },
}
