import { handlers } from '../../platform/http/index.ts'
import { deleteConnection, restoreConnection } from './delete-connection.ts'
import { createModels } from './create-many.ts'
import { listConnectionFailures, listFailures } from './list-failures.ts'
import { getConnection, getModel, listConnections, listModels } from './list-models.ts'
import { deleteLocalModel, listLocalModels } from './local-models.ts'
import { modelFigures } from './model-figures.ts'
import { cancelPull, listPulls, startPull } from './pulls.ts'
import { offeredModels } from './offered-models.ts'
import { testModel } from './try-connection.ts'
import { createConnection, updateConnection } from './write-connection.ts'
import { createModel, deleteModel, restoreModel, updateModel } from './write-model.ts'

export const modelsRoutes = handlers('models', {
  'models.listConnections': (ctx, { query }) => listConnections(ctx, query),
  'models.getConnection': (ctx, { params }) => getConnection(ctx, params.id),
  'models.createMany': (ctx, { params, body }) => createModels(ctx, params.id, body),
  'models.figures': (ctx, { query }) => modelFigures(ctx, query.hours),
  'models.failures': (ctx, { params }) => listFailures(ctx, params.id),
  'models.connectionFailures': (ctx, { params }) => listConnectionFailures(ctx, params.id),
  'models.localModels': (ctx, { params }) => listLocalModels(ctx, params.id),
  'models.deleteLocalModel': (ctx, { params, query }) => deleteLocalModel(ctx, params.id, query.name),
  'models.pulls': (ctx, { params }) => listPulls(ctx, params.id),
  'models.startPull': (ctx, { params, body }) => startPull(ctx, params.id, body.name),
  'models.cancelPull': (ctx, { params, body }) => cancelPull(ctx, params.id, body.name),
  'models.createConnection': (ctx, { body }) => createConnection(ctx, body),
  'models.updateConnection': (ctx, { params, body }) => updateConnection(ctx, params.id, body),
  'models.deleteConnection': (ctx, { params }) => deleteConnection(ctx, params.id),
  'models.restoreConnection': (ctx, { params }) => restoreConnection(ctx, params.id),
  'models.offered': (ctx, { body }) => offeredModels(ctx, body),
  'models.test': (ctx, { body }) => testModel(ctx, body),
  'models.list': (ctx, { query }) => listModels(ctx, query),
  'models.get': (ctx, { params }) => getModel(ctx, params.id),
  'models.create': (ctx, { body }) => createModel(ctx, body),
  'models.update': (ctx, { params, body }) => updateModel(ctx, params.id, body),
  'models.delete': (ctx, { params }) => deleteModel(ctx, params.id),
  'models.restore': (ctx, { params }) => restoreModel(ctx, params.id),
})
