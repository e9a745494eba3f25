import type { ReasoningProfile } from '@anneal/contract'
import type { ChatParameters, Connection, DialectName, ProviderKind } from '@anneal/providers'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { modelFor } from './load.ts'
import { connectionById } from './connections.repo.ts'
import type { ConnectionRow, ModelWithConnection } from './models.tables.ts'
import { type Capabilities, type Price, capabilitiesOf, priceOf } from './present.ts'

/** All that a call of a model needs. Holds the provider's key in the clear: never stored, logged or sent to a client. */
export interface CallableModel {
  id: string
  name: string
  connectionId: string
  provider: ProviderKind
  connection: Connection
  providerModel: string
  reasoningProfile: ReasoningProfile
  /** The model's own defaults; a call's parameters go on top. */
  parameters: ChatParameters
  contextWindow: number | null
  kind: 'chat' | 'embedding'
  price: Price | null
  capabilities: Capabilities
}

/**
 * A model that the actor may use, ready to be called.
 * @throws AppError `models.not-found`, `auth.forbidden`, `models.disabled`, `models.off` for one that is not served now, or `models.other-node`.
 */
export async function callableModel(ctx: Context, modelId: string): Promise<CallableModel> {
  const { read } = ctx.platform.db
  const row = await modelFor(ctx, read, modelId, 'use')
  return callableOf(ctx, row, await read.first(connectionById, { id: row.connection_id }))
}

/** A model with its connection, ready to be called by whoever may use it. */
export async function callableOf(
  ctx: Context,
  row: ModelWithConnection,
  connection: ConnectionRow | undefined,
): Promise<CallableModel> {
  if (row.is_disabled === 1) throw new AppError('models.disabled', { name: row.name })
  if (row.is_off === 1) throw new AppError('models.off', { name: row.name })
  if (!connection || connection.deleted_at !== null) throw new AppError('models.not-found')
  if (connection.node_id !== null && connection.node_id !== ctx.platform.nodes.self.id) {
    const node = await ctx.platform.nodes.find(connection.node_id)
    throw new AppError('models.other-node', { name: row.name, node: node?.name ?? connection.node_id })
  }
  return {
    id: row.id,
    name: row.name,
    connectionId: connection.id,
    provider: connection.provider as ProviderKind,
    connection: providerConnection(ctx, connection),
    providerModel: row.provider_model,
    reasoningProfile: row.reasoning_profile as ReasoningProfile,
    parameters: JSON.parse(row.parameters) as ChatParameters,
    contextWindow: row.context_window,
    kind: row.kind as CallableModel['kind'],
    price: priceOf(row),
    capabilities: capabilitiesOf(row),
  }
}

/** A stored connection as an adapter takes it. */
export function providerConnection(ctx: Context, row: ConnectionRow): Connection {
  return {
    baseUrl: row.base_url,
    ...(row.api_key === null ? {} : { apiKey: ctx.platform.secrets.decrypt(row.api_key) }),
    ...(row.dialect === null ? {} : { dialect: row.dialect as DialectName }),
  }
}
