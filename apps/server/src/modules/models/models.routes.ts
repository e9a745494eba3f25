import { handlers } from '../../platform/http/index.ts'
import { deleteConnection, restoreConnection } from './delete-connection.ts'
import { getModel, listConnections, listModels } from './list-models.ts'
import { offeredModels, testModel } from './try-connection.ts'
import { createConnection, updateConnection } from './write-connection.ts'
import { createModel, deleteModel, restoreModel, updateModel } from './write-model.ts'

export const modelsRoutes = handlers('models', {
  'models.listConnections': (ctx, { query }) => listConnections(ctx, query),
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
