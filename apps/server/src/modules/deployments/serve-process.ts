import path from 'node:path'
import type { Platform } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import type { ProcessExit, ProcessIdentity } from '../../platform/processes/index.ts'
import { endLeftover, ProcessLog } from '../../platform/processes/index.ts'
import { enginePaths, lastWord, trainerEnvironment } from '../training/index.ts'
import type { DeploymentProblem } from './deployment-state.ts'
import type { DeploymentRow } from './deployments.repo.ts'
import { freePort } from './health.ts'
import { deploymentFolder } from './store.ts'

const NO_MEMORY =
  /OutOfMemoryError|MemoryError|CUDA out of memory|MPS backend out of memory|DefaultCPUAllocator/
const LAST_LINES = 100

export interface ServeProcess {
  identity: ProcessIdentity
  port: number
}

/** Starts `transformers serve` for the row's model. Whatever ran for it before is ended first: there are never two. */
export async function startServing(platform: Platform, row: DeploymentRow): Promise<ServeProcess> {
  if (row.model === null) throw new AppError('deployments.nothing-to-serve')
  const folder = deploymentFolder(platform, row.id)
  const { python, trainer } = enginePaths(platform.config)
  await endLeftover(platform.processes, folder)
  const port = await freePort()
  const where = ['--host', '127.0.0.1', '--port', String(port), '--work', path.join(folder, 'work')]
  const identity = await platform.processes.spawnDetached({
    folder,
    python,
    command: python,
    args: ['-m', 'anneal_trainer.serve', '--model', row.model, '--name', row.served_name, ...where],
    env: trainerEnvironment(platform.config, trainer),
  })
  return { identity, port }
}

/** Why a process ended, from its exit and the end of its log. */
export async function whyEnded(
  platform: Platform,
  id: string,
  exit: ProcessExit | null,
): Promise<DeploymentProblem> {
  const log = new ProcessLog(deploymentFolder(platform, id))
  const page = await log.page({ limit: LAST_LINES }).catch(() => ({ lines: [] }))
  await log.close()
  const lines = page.lines.map((line) => line.text)
  if (NO_MEMORY.test(lines.join('\n'))) return { code: 'deployments.out-of-memory', params: {} }
  const known = exit ?? { code: null, signal: 'SIGKILL', time: 0 }
  const reason = known.signal ?? `exit ${known.code}`
  return { code: 'deployments.crashed', params: { reason, message: lastWord(lines, known) } }
}
