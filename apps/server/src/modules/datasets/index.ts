import type { Module } from '../../platform/http/index.ts'
import { declareRemoval } from '../auth/index.ts'
import { deleteDataset } from './delete-dataset.ts'
import { defineJobs } from './datasets.jobs.ts'
import { datasetsMigrations } from './datasets.migrations.ts'
import { datasetsRoutes } from './datasets.routes.ts'

export { datasetForTraining, exportMessages } from './export-messages.ts'
export type { ExportedMessages } from './export-messages.ts'

declareRemoval('dataset', deleteDataset)

export const datasetsModule: Module = {
  name: 'datasets',
  migrations: datasetsMigrations,
  routes: datasetsRoutes,
  async start(platform) {
    defineJobs(platform)
  },
}
