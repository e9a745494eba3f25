import { type Context, type Platform } from '../../platform/context.ts'
import path from 'node:path'
import type { WriteTx } from '../../platform/write.ts'
import type { DeploymentState } from './deployment-state.ts'
import type { DeploymentRow } from './deployments.repo.ts'
import { patchDeployment } from './deployments.repo.ts'

/** Log, process files and, where one is made, the model of a deployment. */
export function deploymentFolder(platform: Platform, id: string): string {
  return path.join(platform.config.data, 'deployments', id)
}

export function emitDeployment(
  tx: WriteTx,
  row: DeploymentRow,
  change: 'created' | 'updated' | 'deleted' | 'restored' = 'updated',
  more: Record<string, unknown> = {},
): void {
  tx.emit({
    kind: 'deployment',
    id: row.id,
    change,
    ownerId: row.owner_id,
    visibility: row.visibility,
    data: { state: row.state, trainingRunId: row.training_run_id, ...more },
  })
}

/** Compare-and-set from the state it was read in; null where someone else was first. */
export async function move(
  ctx: Context,
  tx: WriteTx,
  row: DeploymentRow,
  to: DeploymentState,
  more: Partial<DeploymentRow> = {},
): Promise<DeploymentRow | null> {
  const patch: Partial<DeploymentRow> = { ...more, state: to, updated_at: ctx.platform.clock.now() }
  if (!(await patchDeployment(tx, row.id, [row.state], patch))) return null
  const next = { ...row, ...patch }
  emitDeployment(tx, next)
  return next
}
