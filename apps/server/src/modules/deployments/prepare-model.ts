import { rm } from 'node:fs/promises'
import path from 'node:path'
import { type Context, type Platform, systemContext } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import type { JobRun } from '../../platform/jobs/index.ts'
import type { StepResult } from '../../platform/processes/index.ts'
import { endLeftover, runStep } from '../../platform/processes/index.ts'
import { write } from '../../platform/write.ts'
import { enginePaths, lastWord, trainerEnvironment } from '../training/index.ts'
import type { DeploymentRow } from './deployments.repo.ts'
import { deploymentById } from './deployments.repo.ts'
import { recordFailure } from './record.ts'
import { deploymentFolder, move } from './store.ts'
import { supervisorOf } from './supervisor.ts'

/** Only this server has the folders, so only this server knows the job. */
export const prepareJob = (platform: Platform) => `deployments.prepare:${platform.nodes.self.id}`

/** Merging an adapter into its base, or making the starter: either way a folder that can be loaded. */
function argumentsFor(row: DeploymentRow, folder: string, out: string): string[] {
  if (row.adapter === null || row.base === null) return ['-m', 'anneal_trainer.starter', '--out', out]
  const where = ['--adapter', row.adapter, '--base', row.base, '--out', out, '--events', folder]
  return ['-m', 'anneal_trainer.merge', ...where]
}

async function make(ctx: Context, row: DeploymentRow, out: string, signal: AbortSignal): Promise<StepResult> {
  const { config, processes } = ctx.platform
  const { python, trainer } = enginePaths(config)
  const folder = deploymentFolder(ctx.platform, row.id)
  await endLeftover(processes, folder)
  for (const unfinished of [out, `${out}.part`]) await rm(unfinished, { recursive: true, force: true })
  const args = argumentsFor(row, folder, out)
  const env = trainerEnvironment(config, trainer)
  return runStep({ processes, folder, python, command: python, args, env, signal })
}

/** Makes what a deployment serves, then lets it start. Can be run again from the start. */
export async function prepareModel(
  job: Pick<JobRun, 'payload' | 'signal'> & { ctx: Context },
): Promise<void> {
  const { platform } = job.ctx
  const ctx = systemContext(platform, 'deployments')
  const { id } = job.payload as { id: string }
  const row = await platform.db.read.first(deploymentById, { id })
  if (row?.state !== 'merging') return
  const out = path.join(deploymentFolder(platform, id), 'model')
  try {
    const made = await make(ctx, row, out, job.signal)
    if (made.code !== 0)
      throw new AppError('deployments.merge-failed', { message: lastWord(made.lines, made) })
  } catch (error) {
    if (job.signal.aborted) throw error
    const known = error instanceof AppError && error.code === 'deployments.merge-failed'
    const message = error instanceof Error ? error.message : String(error)
    const params = known ? { ...error.params } : { message }
    // After a stop it is no failure: the row has moved on, and this changes nothing.
    await recordFailure(ctx, row, { code: 'deployments.merge-failed', params })
    return
  }
  await write(ctx, (tx) => move(ctx, tx, row, 'starting', { model: out }), {
    unaudited: 'a step of a deployment whose start is audited',
  })
  supervisorOf(platform).wake(id)
}
