export type { JobDefinition, JobNote, JobRun } from './job-run.ts'
export { jobsMigrations } from './jobs.repo.ts'
export type { JobRow } from './jobs.repo.ts'
export { Jobs, type JobOptions } from './jobs.ts'

import { Jobs, type JobOptions } from './jobs.ts'

/** No job is taken before `start`. */
export function createJobs(options: JobOptions): Jobs {
  return new Jobs(options)
}
