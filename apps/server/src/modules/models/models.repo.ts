import { defineQuery } from '../../platform/db/index.ts'
import { type VisibleParams, visibleTo } from '../auth/index.ts'
import type { Below, Deletion, ModelRow, ModelTables, ModelWithConnection } from './models.tables.ts'

const query = defineQuery<ModelTables>()

export const modelsOfConnection = query<{ connection_id: string }, ModelRow>((k, p) =>
  k.selectFrom('model').selectAll().where('connection_id', '=', p.connection_id),
)

export const listModelRows = query<VisibleParams & Below, ModelWithConnection>((k, p) =>
  k
    .selectFrom('model')
    .innerJoin('connection', 'connection.id', 'model.connection_id')
    .selectAll('model')
    .select(['connection.name as connection_name', 'connection.provider'])
    .where('model.deleted_at', 'is', null)
    .where((eb) => visibleTo(eb, p, 'model', 'model'))
    .where('model.created_at', '<=', p.at)
    .where((eb) => eb.or([eb('model.created_at', '<', p.at), eb('model.id', '<', p.id)]))
    .orderBy('model.created_at', 'desc')
    .orderBy('model.id', 'desc')
    .limit(p.limit),
)

export const modelById = query<{ id: string }, ModelWithConnection>((k, p) =>
  k
    .selectFrom('model')
    .innerJoin('connection', 'connection.id', 'model.connection_id')
    .selectAll('model')
    .select(['connection.name as connection_name', 'connection.provider'])
    .where('model.id', '=', p.id),
)

export const modelByDeployment = query<{ deployment_id: string }, ModelRow>((k, p) =>
  k.selectFrom('model').selectAll().where('deployment_id', '=', p.deployment_id),
)

export const modelByNameKey = query<{ name_key: string }, { id: string }>((k, p) =>
  k.selectFrom('model').select('id').where('name_key', '=', p.name_key),
)

export const modelIdsAndNames = query<Record<string, never>, { id: string; name: string }>((k) =>
  k.selectFrom('model').select(['id', 'name']),
)

export const visibleModelIds = query<VisibleParams, { id: string }>((k, p) =>
  k
    .selectFrom('model')
    .select('model.id')
    .where('model.deleted_at', 'is', null)
    .where((eb) => visibleTo(eb, p, 'model', 'model')),
)

export const insertModelRow = query<ModelRow, unknown>((k, p) =>
  k.insertInto('model').values({
    id: p.id,
    owner_id: p.owner_id,
    visibility: p.visibility,
    version: p.version,
    created_at: p.created_at,
    updated_at: p.updated_at,
    deleted_at: p.deleted_at,
    name: p.name,
    name_key: p.name_key,
    connection_id: p.connection_id,
    provider_model: p.provider_model,
    kind: p.kind,
    is_disabled: p.is_disabled,
    context_window: p.context_window,
    max_output: p.max_output,
    capabilities: p.capabilities,
    price: p.price,
    reasoning_profile: p.reasoning_profile,
    parameters: p.parameters,
    deployment_id: p.deployment_id,
    is_off: p.is_off,
    last_ok_at: p.last_ok_at,
    last_error: p.last_error,
    last_error_at: p.last_error_at,
    first_token_ms: p.first_token_ms,
    tokens_per_second: p.tokens_per_second,
  }),
)

/** Compare-and-set by version. */
export const updateModelRow = query<ModelRow, unknown>((k, p) =>
  k
    .updateTable('model')
    .set((eb) => ({
      version: eb('version', '+', 1),
      visibility: p.visibility,
      updated_at: p.updated_at,
      name: p.name,
      name_key: p.name_key,
      provider_model: p.provider_model,
      kind: p.kind,
      is_disabled: p.is_disabled,
      context_window: p.context_window,
      max_output: p.max_output,
      capabilities: p.capabilities,
      price: p.price,
      reasoning_profile: p.reasoning_profile,
      parameters: p.parameters,
    }))
    .where('id', '=', p.id)
    .where('version', '=', p.version)
    .where('deleted_at', 'is', null),
)

export const markModelDeleted = query<Deletion, unknown>((k, p) =>
  k
    .updateTable('model')
    .set((eb) => ({
      version: eb('version', '+', 1),
      name_key: p.name_key,
      deleted_at: p.deleted_at,
      updated_at: p.updated_at,
    }))
    .where('id', '=', p.id),
)

export const setModelOff = query<{ deployment_id: string; is_off: number }, unknown>((k, p) =>
  k.updateTable('model').set({ is_off: p.is_off }).where('deployment_id', '=', p.deployment_id),
)

/** What the last call of a model showed. */
export const noteHealth = query<
  Pick<
    ModelRow,
    'id' | 'last_ok_at' | 'last_error' | 'last_error_at' | 'first_token_ms' | 'tokens_per_second'
  >,
  unknown
>((k, p) =>
  k
    .updateTable('model')
    .set({
      last_ok_at: p.last_ok_at,
      last_error: p.last_error,
      last_error_at: p.last_error_at,
      first_token_ms: p.first_token_ms,
      tokens_per_second: p.tokens_per_second,
    })
    .where('id', '=', p.id),
)
