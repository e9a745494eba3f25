import { handlers } from '../../platform/http/index.ts'
import { createDeployment } from './create-deployment.ts'
import { deleteDeployment, restoreDeployment } from './delete-deployment.ts'
import { getDeployment, readDeploymentLog, readDeployments } from './read-deployments.ts'
import { startDeployment, stopDeployment } from './start-stop.ts'

export const deploymentsRoutes = handlers('deployments', {
  'deployments.list': (ctx, { query }) => readDeployments(ctx, query),
  'deployments.create': (ctx, { body }) => createDeployment(ctx, body),
  'deployments.get': (ctx, { params }) => getDeployment(ctx, params.id),
  'deployments.log': (ctx, { params, query }) => readDeploymentLog(ctx, params.id, query),
  'deployments.start': (ctx, { params }) => startDeployment(ctx, params.id),
  'deployments.stop': (ctx, { params }) => stopDeployment(ctx, params.id),
  'deployments.delete': (ctx, { params }) => deleteDeployment(ctx, params.id),
  'deployments.restore': (ctx, { params }) => restoreDeployment(ctx, params.id),
})
