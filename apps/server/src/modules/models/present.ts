import type { RouteReply } from '@anneal/contract'
import type { Actor } from '../../platform/context.ts'
import type { AboutResources } from '../auth/index.ts'
import type { ConnectionRow, ModelRow, ModelWithConnection } from './models.tables.ts'
import type { Problem } from './problem.ts'
import { failureFor } from './withheld.ts'

export type ConnectionView = RouteReply<'models.createConnection'>
export type ModelView = RouteReply<'models.get'>
export type Price = NonNullable<ModelView['price']>
export type Capabilities = ModelView['capabilities']

/** Worst first, as a connection shows its models'. */
const healthOrder = ['failing', 'slow', 'ok', 'unknown', 'off'] as const

/** A first token later than this is called slow, in milliseconds. */
export const slowFirstTokenMs = 5000

export type HealthColumns = Pick<
  ModelRow,
  'is_off' | 'is_disabled' | 'last_ok_at' | 'last_error_at' | 'first_token_ms'
>

const time = (ms: number): string => new Date(ms).toISOString()

export function presentConnection(
  row: ConnectionRow,
  models: readonly HealthColumns[],
  about: AboutResources,
): ConnectionView {
  const healths = models.map(healthOf)
  const lastOkAt = Math.max(0, ...models.map((model) => model.last_ok_at ?? 0))
  return {
    ...resource(row, about),
    name: row.name,
    provider: row.provider as ConnectionView['provider'],
    baseUrl: row.base_url,
    hasKey: row.api_key !== null,
    keyEnding: row.key_ending,
    models: models.length,
    health: healthOrder.find((health) => healths.includes(health)) ?? 'unknown',
    failingModels: healths.filter((health) => health === 'failing').length,
    lastOkAt: lastOkAt === 0 ? null : time(lastOkAt),
    managed: row.deployment_id !== null,
  }
}

export function presentModel(row: ModelWithConnection, actor: Actor, about: AboutResources): ModelView {
  return {
    ...resource(row, about),
    name: row.name,
    connectionId: row.connection_id,
    connectionName: row.connection_name,
    provider: row.provider as ModelView['provider'],
    providerModel: row.provider_model,
    kind: row.kind as ModelView['kind'],
    enabled: row.is_disabled === 0,
    contextWindow: row.context_window,
    maxOutput: row.max_output,
    capabilities: capabilitiesOf(row),
    price: priceOf(row),
    reasoningProfile: row.reasoning_profile as ModelView['reasoningProfile'],
    parameters: JSON.parse(row.parameters) as ModelView['parameters'],
    deploymentId: row.deployment_id,
    health: healthOf(row),
    lastError: lastErrorOf(row, actor),
    lastOkAt: row.last_ok_at === null ? null : time(row.last_ok_at),
    firstTokenMs: row.first_token_ms,
    tokensPerSecond: row.tokens_per_second,
  }
}

function resource(row: ConnectionRow | ModelWithConnection, about: AboutResources) {
  return {
    id: row.id,
    ownerId: row.owner_id,
    ownerName: about.ownerName(row),
    visibility: row.visibility,
    version: row.version,
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
    may: about.may(row),
  }
}

export function capabilitiesOf(row: Pick<ModelRow, 'capabilities'>): Capabilities {
  const said = row.capabilities === null ? {} : (JSON.parse(row.capabilities) as Partial<Capabilities>)
  return { reasoning: null, tools: null, vision: null, json: null, ...said }
}

export function priceOf(row: Pick<ModelRow, 'price'>): Price | null {
  return row.price === null ? null : (JSON.parse(row.price) as Price)
}

export function healthOf(row: HealthColumns): ModelView['health'] {
  if (row.is_off === 1 || row.is_disabled === 1) return 'off'
  if (row.last_ok_at === null && row.last_error_at === null) return 'unknown'
  if ((row.last_error_at ?? 0) > (row.last_ok_at ?? 0)) return 'failing'
  return (row.first_token_ms ?? 0) > slowFirstTokenMs ? 'slow' : 'ok'
}

function lastErrorOf(row: ModelWithConnection, actor: Actor): ModelView['lastError'] {
  if (row.last_error === null || row.last_error_at === null) return null
  const problem = JSON.parse(row.last_error) as Problem
  return { ...failureFor(actor, problem), at: time(row.last_error_at) }
}
