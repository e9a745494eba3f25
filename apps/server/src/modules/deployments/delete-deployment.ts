import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { nameKey } from '../../platform/names/index.ts'
import { write } from '../../platform/write.ts'
import { aboutResources } from '../auth/index.ts'
import { removeServedModel, restoreServedModel } from '../models/index.ts'
import type { DeploymentView } from './deployment-state.ts'
import { activeStates, restingStates } from './deployment-state.ts'
import { deploymentByNameKey, patchDeployment } from './deployments.repo.ts'
import { deploymentFor, nodeNameOf, requireHere } from './load.ts'
import { presentDeployment } from './present.ts'
import { stopWithin } from './start-stop.ts'
import { emitDeployment } from './store.ts'

const anyState = [...activeStates, ...restingStates]

/** Stops it, and puts it away with its row in models; its name is free again. */
export async function deleteDeployment(ctx: Context, id: string): Promise<void> {
  const nodeName = await nodeNameOf(ctx, await deploymentFor(ctx, ctx.platform.db.read, id, 'read'))
  await write(ctx, async (tx) => {
    const row = await deploymentFor(ctx, tx, id, 'manage')
    requireHere(ctx, row, nodeName)
    const next = await stopWithin(ctx, tx, row)
    if (!next) throw new AppError('platform.busy')
    await patchDeployment(tx, id, anyState, { deleted_at: ctx.platform.clock.now(), name_key: id })
    await removeServedModel(ctx, tx, id)
    tx.audit('deployment.deleted', { kind: 'deployment', id }, { name: row.name })
    emitDeployment(tx, next, 'deleted')
  })
}

/** Brings it back, stopped. Throws `deployments.name-taken` where another bears its name by now. */
export async function restoreDeployment(ctx: Context, id: string): Promise<DeploymentView> {
  const { row, about } = await write(ctx, async (tx) => {
    const found = await deploymentFor(ctx, tx, id, 'manage', { deleted: true })
    const name_key = nameKey(found.name)
    if (await tx.first(deploymentByNameKey, { name_key })) throw new AppError('deployments.name-taken')
    await patchDeployment(tx, id, anyState, { deleted_at: null, name_key })
    await restoreServedModel(ctx, tx, id)
    tx.audit('deployment.restored', { kind: 'deployment', id }, { name: found.name })
    const restored = { ...found, deleted_at: null, name_key }
    emitDeployment(tx, restored, 'restored')
    return { row: restored, about: await aboutResources(tx, ctx.actor, 'deployment', [restored]) }
  })
  return presentDeployment(ctx, row, about)
}
