import type { Module } from '../../platform/http/index.ts'
import { forgetModelNames } from './model-names.ts'
import { modelsMigrations } from './models.migrations.ts'
import { modelsRoutes } from './models.routes.ts'

export { callableModel } from './callable-model.ts'
export type { CallableModel } from './callable-model.ts'
export { modelFor } from './load.ts'
export { modelNames } from './model-names.ts'
export { noteCall } from './note-call.ts'
export { plainParams, problemOf } from './problem.ts'
export type { Problem } from './problem.ts'
export {
  registerServedModel,
  removeServedModel,
  restoreServedModel,
  setServedModelState,
} from './served-models.ts'
export type { ServedModel } from './served-models.ts'

export const modelsModule: Module = {
  name: 'models',
  migrations: modelsMigrations,
  routes: modelsRoutes,
  async start(platform) {
    platform.events.onChange('model', () => forgetModelNames(platform))
  },
}
