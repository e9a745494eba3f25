import type { Module } from '../../platform/http/index.ts'
import { declareRemoval } from '../auth/index.ts'
import { deleteDeployment } from './delete-deployment.ts'
import { addLogSource } from '../training/index.ts'
import { deploymentsMigrations } from './deployments.migrations.ts'
import { deploymentById } from './deployments.repo.ts'
import { deploymentsRoutes } from './deployments.routes.ts'
import { deploymentFor, nodeNameOf, requireHere } from './load.ts'
import { prepareJob, prepareModel } from './prepare-model.ts'
import { deploymentFolder } from './store.ts'
import { supervisorOf } from './supervisor.ts'

export { onDeploymentFailed } from './record.ts'
export type { FailedDeployment } from './record.ts'

declareRemoval('deployment', deleteDeployment)

export const deploymentsModule: Module = {
  name: 'deployments',
  migrations: deploymentsMigrations,
  routes: deploymentsRoutes,
  async start(platform) {
    platform.jobs.define({ kind: prepareJob(platform), concurrency: 1, run: prepareModel })
    addLogSource(platform, async (ctx, id) => {
      if (!(await platform.db.read.first(deploymentById, { id }))) return null
      const row = await deploymentFor(ctx, platform.db.read, id, 'read')
      requireHere(ctx, row, await nodeNameOf(ctx, row))
      return deploymentFolder(platform, id)
    })
  },
  ready: (platform) => supervisorOf(platform).start(),
  stop: (platform) => supervisorOf(platform).stop(),
}
