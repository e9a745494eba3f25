import { type Reader, defineQuery } from '../../platform/db/index.ts'
import { type VisibleParams, visibleTo } from '../auth/index.ts'
import type { Below, ConnectionRow, Deletion, ModelRow, ModelTables } from './models.tables.ts'
import type { HealthColumns } from './present.ts'

const query = defineQuery<ModelTables>()

export const listConnectionRows = query<VisibleParams & Below, ConnectionRow>((k, p) =>
  k
    .selectFrom('connection')
    .selectAll('connection')
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

export type ConnectionModel = HealthColumns & Pick<ModelRow, 'connection_id'>

/** What the health of connections is made of, for all of a page at once. */
export async function modelsOfConnections(
  reader: Reader,
  ids: readonly string[],
): Promise<Map<string, ConnectionModel[]>> {
  const found = new Map<string, ConnectionModel[]>(ids.map((id) => [id, []]))
  if (ids.length === 0) return found
  const rows = await reader.dynamic<ModelTables, ConnectionModel>((k) =>
    k
      .selectFrom('model')
      .select(['connection_id', 'is_off', 'is_disabled', 'last_ok_at', 'last_error_at', 'first_token_ms'])
      .where('connection_id', 'in', ids)
      .where('deleted_at', 'is', null),
  )
  for (const row of rows) found.get(row.connection_id)?.push(row)
  return found
}

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
