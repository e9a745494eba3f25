import type { ResourceAction } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { declareResource, requireAccess } from '../auth/index.ts'
import type { DeploymentRow } from './deployments.repo.ts'
import { deploymentById } from './deployments.repo.ts'

declareResource({ kind: 'deployment', table: 'deployment', nameColumn: 'name' })

/** A deployment that the actor may do `action` with; `deployments.not-found` for anyone who may not even read it. */
export async function deploymentFor(
  ctx: Context,
  reader: Reader,
  id: string,
  action: ResourceAction,
  options: { deleted?: boolean } = {},
): Promise<DeploymentRow> {
  const row = await reader.first(deploymentById, { id })
  if (!row || (row.deleted_at !== null) !== (options.deleted ?? false))
    throw new AppError('deployments.not-found')
  await requireAccess(ctx, reader, action, 'deployment', row, 'deployments.not-found')
  return row
}

/** Process and files are on the server that it was started on. */
export function requireHere(ctx: Context, row: DeploymentRow, nodeName: string): void {
  if (row.node_id !== ctx.platform.nodes.self.id)
    throw new AppError('deployments.other-node', { node: nodeName })
}

export async function nodeNameOf(ctx: Context, row: DeploymentRow): Promise<string> {
  const { nodes } = ctx.platform
  if (row.node_id === nodes.self.id) return nodes.self.name
  return (await nodes.find(row.node_id))?.name ?? row.node_id
}
