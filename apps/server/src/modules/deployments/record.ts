import { type Context } from '../../platform/context.ts'
import { toJson } from '../../platform/db/index.ts'
import type { ProcessIdentity } from '../../platform/processes/index.ts'
import { type WriteTx, write } from '../../platform/write.ts'
import { registerServedModel, setServedModelState } from '../models/index.ts'
import type { DeploymentProblem } from './deployment-state.ts'
import { recentRestarts, restartDelay } from './deployment-state.ts'
import type { DeploymentRow } from './deployments.repo.ts'
import { patchDeployment } from './deployments.repo.ts'
import { move } from './store.ts'

const target = (row: DeploymentRow) => ({ kind: 'deployment', id: row.id })
const step = { unaudited: 'a step of a deployment whose start is audited' }

export interface FailedDeployment {
  id: string
  name: string
  ownerId: string
  error: DeploymentProblem
}
type FailListener = (tx: WriteTx, deployment: FailedDeployment) => Promise<void>
const failListeners: FailListener[] = []

/** Lets a module take part in the transaction by which a deployment has failed for good. */
export function onDeploymentFailed(listener: FailListener): void {
  failListeners.push(listener)
}

async function tellFailed(tx: WriteTx, row: DeploymentRow, error: DeploymentProblem): Promise<void> {
  const failed = { id: row.id, name: row.name, ownerId: row.owner_id, error }
  for (const listener of failListeners) await listener(tx, failed)
}

export function recordProcess(
  ctx: Context,
  row: DeploymentRow,
  identity: ProcessIdentity,
  port: number,
): Promise<boolean> {
  const patch = { process: toJson(identity), port }
  return write(ctx, (tx) => patchDeployment(tx, row.id, ['starting', 'stopping'], patch), step)
}

/** It answers: it becomes a row in models, or its row gets the new address. */
export function recordServing(ctx: Context, row: DeploymentRow): Promise<DeploymentRow | null> {
  return write(
    ctx,
    async (tx) => {
      const now = ctx.platform.clock.now()
      const next = await move(ctx, tx, row, 'serving', {
        serving_since: now,
        error: null,
        next_restart_at: null,
      })
      if (!next) return null
      const model_id = await registerServedModel(ctx, tx, {
        deploymentId: row.id,
        name: row.name,
        baseUrl: `http://127.0.0.1:${row.port}`,
        providerModel: row.served_name,
        dialect: 'transformers-serve',
        ownerId: row.owner_id,
        visibility: row.visibility,
      })
      await patchDeployment(tx, row.id, ['serving'], { model_id })
      tx.audit('deployment.serving', target(row), { port: row.port })
      return { ...next, model_id }
    },
    step,
  )
}

/** It ended by itself: it is started again after a pause, or has failed if it did so too often or never served. */
export function recordCrash(
  ctx: Context,
  row: DeploymentRow,
  problem: DeploymentProblem,
): Promise<DeploymentRow | null> {
  return write(
    ctx,
    async (tx) => {
      const now = ctx.platform.clock.now()
      const times = recentRestarts(JSON.parse(row.restart_times) as number[], now)
      const delay = row.model_id === null ? null : restartDelay(times, now)
      const common = { error: toJson(problem), process: null, port: null, serving_since: null }
      const next =
        delay === null
          ? await move(ctx, tx, row, 'failed', { ...common, next_restart_at: null })
          : await move(ctx, tx, row, 'restarting', {
              ...common,
              restarts: row.restarts + 1,
              restart_times: toJson([...times, now]),
              next_restart_at: now + delay,
            })
      if (!next) return null
      await setServedModelState(tx, row.id, 'off')
      tx.audit('deployment.crashed', target(row), { code: problem.code, state: next.state })
      if (delay === null) await tellFailed(tx, row, problem)
      return next
    },
    step,
  )
}

/** It could not be brought to serve at all. */
export function recordFailure(
  ctx: Context,
  row: DeploymentRow,
  problem: DeploymentProblem,
): Promise<DeploymentRow | null> {
  return write(
    ctx,
    async (tx) => {
      const gone = {
        error: toJson(problem),
        process: null,
        port: null,
        serving_since: null,
        next_restart_at: null,
      }
      const next = await move(ctx, tx, row, 'failed', gone)
      if (!next) return null
      await setServedModelState(tx, row.id, 'off')
      tx.audit('deployment.failed', target(row), { code: problem.code })
      await tellFailed(tx, row, problem)
      return next
    },
    step,
  )
}

export function recordStopped(ctx: Context, row: DeploymentRow): Promise<DeploymentRow | null> {
  return write(
    ctx,
    async (tx) => {
      const gone = { process: null, port: null, serving_since: null, next_restart_at: null }
      const next = await move(ctx, tx, row, 'stopped', gone)
      if (next) tx.audit('deployment.ended', target(row))
      return next
    },
    step,
  )
}

/** To `starting`, from a pause after a crash or because its process was gone when this server came up. */
export function recordStarting(ctx: Context, row: DeploymentRow): Promise<DeploymentRow | null> {
  return write(
    ctx,
    async (tx) => {
      const next = await move(ctx, tx, row, 'starting', { process: null, port: null, next_restart_at: null })
      if (next && row.state === 'serving') await setServedModelState(tx, row.id, 'off')
      return next
    },
    step,
  )
}
