import { defineQuery } from '../../platform/db/index.ts'
import { type VisibleParams, visibleTo } from '../auth/index.ts'
import type { Below, ConnectionRow, Deletion, ModelTables } from './models.tables.ts'

const query = defineQuery<ModelTables>()

export const listConnectionRows = query<VisibleParams & Below, ConnectionRow & { models: number }>((k, p) =>
  k
    .selectFrom('connection')
    .selectAll('connection')
    .select((eb) =>
      eb
        .selectFrom('model')
        .select((m) => m.fn.countAll<number>().as('n'))
        .whereRef('model.connection_id', '=', 'connection.id')
        .where('model.deleted_at', 'is', null)
        .as('models'),
    )
    .where('connection.deleted_at', 'is', null)
    .where((eb) => visibleTo(eb, p, 'connection', 'connection'))
    .where('connection.created_at', '<=', p.at)
    .where((eb) => eb.or([eb('connection.created_at', '<', p.at), eb('connection.id', '<', p.id)]))
    .orderBy('connection.created_at', 'desc')
    .orderBy('connection.id', 'desc')
    .limit(p.limit),
)

export const connectionById = query<{ id: string }, ConnectionRow>((k, p) =>
  k.selectFrom('connection').selectAll().where('id', '=', p.id),
)

export const countModels = query<{ connection_id: string }, { n: number }>((k, p) =>
  k
    .selectFrom('model')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('connection_id', '=', p.connection_id)
    .where('deleted_at', 'is', null),
)

export const insertConnectionRow = query<ConnectionRow, unknown>((k, p) =>
  k.insertInto('connection').values({
    id: p.id,
    owner_id: p.owner_id,
    visibility: p.visibility,
    version: p.version,
    created_at: p.created_at,
    updated_at: p.updated_at,
    deleted_at: p.deleted_at,
    name: p.name,
    name_key: p.name_key,
    provider: p.provider,
    base_url: p.base_url,
    dialect: p.dialect,
    api_key: p.api_key,
    key_ending: p.key_ending,
    deployment_id: p.deployment_id,
    node_id: p.node_id,
  }),
)

/** Compare-and-set by version. */
export const updateConnectionRow = query<ConnectionRow, unknown>((k, p) =>
  k
    .updateTable('connection')
    .set((eb) => ({
      version: eb('version', '+', 1),
      visibility: p.visibility,
      updated_at: p.updated_at,
      name: p.name,
      name_key: p.name_key,
      provider: p.provider,
      base_url: p.base_url,
      api_key: p.api_key,
      key_ending: p.key_ending,
    }))
    .where('id', '=', p.id)
    .where('version', '=', p.version)
    .where('deleted_at', 'is', null),
)

export const markConnectionDeleted = query<Deletion, unknown>((k, p) =>
  k
    .updateTable('connection')
    .set((eb) => ({
      version: eb('version', '+', 1),
      name_key: p.name_key,
      deleted_at: p.deleted_at,
      updated_at: p.updated_at,
    }))
    .where('id', '=', p.id),
)

export const setConnectionUrl = query<{ deployment_id: string; base_url: string; node_id: string }, unknown>(
  (k, p) =>
    k
      .updateTable('connection')
      .set({ base_url: p.base_url, node_id: p.node_id })
      .where('deployment_id', '=', p.deployment_id),
)
