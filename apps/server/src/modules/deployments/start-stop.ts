import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import type { WriteTx } from '../../platform/write.ts'
import { write } from '../../platform/write.ts'
import { aboutResources } from '../auth/index.ts'
import { setServedModelState } from '../models/index.ts'
import { engineOf } from '../training/index.ts'
import { setOff } from './create-deployment.ts'
import type { DeploymentView } from './deployment-state.ts'
import { restingStates } from './deployment-state.ts'
import type { DeploymentRow } from './deployments.repo.ts'
import { deploymentFor, nodeNameOf, requireHere } from './load.ts'
import { presentDeployment } from './present.ts'
import { move } from './store.ts'
import { supervisorOf } from './supervisor.ts'

async function change(
  ctx: Context,
  id: string,
  work: (tx: WriteTx, row: DeploymentRow) => Promise<DeploymentRow | null>,
): Promise<DeploymentView> {
  const nodeName = await nodeNameOf(ctx, await deploymentFor(ctx, ctx.platform.db.read, id, 'read'))
  const { row, about } = await write(ctx, async (tx) => {
    const found = await deploymentFor(ctx, tx, id, 'manage')
    requireHere(ctx, found, nodeName)
    const next = await work(tx, found)
    // It moved on in the same moment: the one who asks sees the new state and asks again.
    if (!next) throw new AppError('platform.busy')
    return { row: next, about: await aboutResources(tx, ctx.actor, 'deployment', [next]) }
  })
  return presentDeployment(ctx, row, about)
}

/** Starts a stopped or failed one again; one that is up already stays as it is. */
export function startDeployment(ctx: Context, id: string): Promise<DeploymentView> {
  return change(ctx, id, async (tx, row) => {
    if (engineOf(ctx.platform).view().state !== 'ready') throw new AppError('training.engine-not-ready')
    tx.audit('deployment.started', { kind: 'deployment', id })
    if (!restingStates.includes(row.state)) return row
    const fresh = {
      desired: 'serve',
      error: null,
      restarts: 0,
      restart_times: '[]',
      next_restart_at: null,
    } as const
    const next = await move(ctx, tx, row, row.model === null ? 'merging' : 'starting', fresh)
    if (next) await setOff(ctx, tx, next)
    return next
  })
}

/** Marks it off and lets its process end, within the caller's transaction. */
export async function stopWithin(
  ctx: Context,
  tx: WriteTx,
  row: DeploymentRow,
): Promise<DeploymentRow | null> {
  if (row.state === 'stopping' || restingStates.includes(row.state)) return row
  const next = await move(ctx, tx, row, 'stopping', { desired: 'stop', next_restart_at: null })
  if (!next) return null
  await setServedModelState(tx, row.id, 'off')
  tx.afterCommit(() => supervisorOf(ctx.platform).wake(row.id))
  return next
}

/** Stops serving; the row in models stays and is marked off. */
export function stopDeployment(ctx: Context, id: string): Promise<DeploymentView> {
  return change(ctx, id, (tx, row) => {
    tx.audit('deployment.stopped', { kind: 'deployment', id })
    return stopWithin(ctx, tx, row)
  })
}
