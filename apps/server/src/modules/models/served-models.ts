import type { Visibility } from '@anneal/contract'
import type { DialectName } from '@anneal/providers'
import type { Context } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { nameKey } from '../../platform/names/index.ts'
import type { WriteTx } from '../../platform/write.ts'
import { forgetModelNames } from './model-names.ts'
import { insertConnectionRow, markConnectionDeleted, setConnectionUrl } from './connections.repo.ts'
import {
  insertModelRow,
  markModelDeleted,
  modelByDeployment,
  modelByNameKey,
  setModelOff,
} from './models.repo.ts'
import { nothingSaid } from './model-columns.ts'
import { freshHealth } from './write-model.ts'

export interface ServedModel {
  deploymentId: string
  /** Wished for; a number is added where it is taken. */
  name: string
  baseUrl: string
  providerModel: string
  dialect: DialectName
  ownerId: string
  visibility: Visibility
}

/**
 * A deployment becomes a row in models, with a connection of its own that is not managed by hand. Called again for the
 * same deployment it only moves the address. Within the caller's transaction; returns the model's id.
 */
export async function registerServedModel(ctx: Context, tx: WriteTx, served: ServedModel): Promise<string> {
  const present = await tx.first(modelByDeployment, { deployment_id: served.deploymentId })
  if (present) {
    await tx.run(setConnectionUrl, {
      deployment_id: served.deploymentId,
      base_url: served.baseUrl,
      node_id: ctx.platform.nodes.self.id,
    })
    await setServedModelState(tx, served.deploymentId, 'ok')
    return present.id
  }
  const now = ctx.platform.clock.now()
  const name = await freeName(tx, served.name)
  const common = {
    owner_id: served.ownerId,
    visibility: served.visibility,
    version: 1,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    name,
    deployment_id: served.deploymentId,
  }
  const connectionId = newId()
  /* Its name key is its id: deployments share no names with connections made by hand. */
  await tx.run(insertConnectionRow, {
    ...common,
    id: connectionId,
    name_key: connectionId,
    provider: 'openai-compatible',
    base_url: served.baseUrl,
    dialect: served.dialect,
    api_key: null,
    key_ending: null,
    node_id: ctx.platform.nodes.self.id,
  })
  const id = newId()
  await tx.run(insertModelRow, {
    ...common,
    id,
    name_key: nameKey(name),
    connection_id: connectionId,
    provider_model: served.providerModel,
    ...nothingSaid,
    reasoning_profile: 'at-start',
    parameters: '{}',
    ...freshHealth,
  })
  tx.emit({ kind: 'model', id, change: 'created', ownerId: served.ownerId, visibility: served.visibility })
  tx.afterCommit(() => forgetModelNames(ctx.platform))
  return id
}

async function freeName(tx: WriteTx, wished: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wished : `${wished} ${number}`
    if (!(await tx.first(modelByNameKey, { name_key: nameKey(name) }))) return name
  }
}

/** `off`: the deployment does not serve now, and calls are refused in words. */
export async function setServedModelState(
  tx: WriteTx,
  deploymentId: string,
  state: 'ok' | 'off',
): Promise<void> {
  await tx.run(setModelOff, { deployment_id: deploymentId, is_off: state === 'off' ? 1 : 0 })
  const row = await tx.first(modelByDeployment, { deployment_id: deploymentId })
  if (!row) return
  tx.emit({
    kind: 'model',
    id: row.id,
    change: 'updated',
    ownerId: row.owner_id,
    visibility: row.visibility,
    data: { health: state },
  })
}

/** Goes with its deployment, and comes back with it. */
export async function removeServedModel(ctx: Context, tx: WriteTx, deploymentId: string): Promise<void> {
  await markServed(ctx, tx, deploymentId, ctx.platform.clock.now())
}

export async function restoreServedModel(ctx: Context, tx: WriteTx, deploymentId: string): Promise<void> {
  await markServed(ctx, tx, deploymentId, null)
}

async function markServed(
  ctx: Context,
  tx: WriteTx,
  deploymentId: string,
  deletedAt: number | null,
): Promise<void> {
  const row = await tx.first(modelByDeployment, { deployment_id: deploymentId })
  if (!row) return
  const now = ctx.platform.clock.now()
  const taken = deletedAt === null && (await tx.first(modelByNameKey, { name_key: nameKey(row.name) }))
  const key = deletedAt === null && !taken ? nameKey(row.name) : row.id
  await tx.run(markModelDeleted, { id: row.id, name_key: key, deleted_at: deletedAt, updated_at: now })
  await tx.run(markConnectionDeleted, {
    id: row.connection_id,
    name_key: row.connection_id,
    deleted_at: deletedAt,
    updated_at: now,
  })
  const change = deletedAt === null ? 'restored' : 'deleted'
  tx.emit({ kind: 'model', id: row.id, change, ownerId: row.owner_id, visibility: row.visibility })
}
