import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { containing } from '../../platform/names/index.ts'
import { aboutResources, visibleParams } from '../auth/index.ts'
import { connectionFor, modelFor } from './load.ts'
import { listConnectionRows, modelsOfConnections } from './connections.repo.ts'
import { filteredModelRows } from './filtered-models.queries.ts'
import { listModelRows } from './models.repo.ts'
import { knownModels, pageOfKnown } from './known-models.ts'
import type { ConnectionRow } from './models.tables.ts'
import { type ConnectionView, type ModelView, presentConnection, presentModel } from './present.ts'

const cursorOf = (row: { created_at: number; id: string }) => ({ at: row.created_at, id: row.id })

/** Connections that the actor may see, newest first. */
export async function listConnections(
  ctx: Context,
  query: RouteHandlerInput<'models.listConnections'>['query'],
): Promise<RouteReply<'models.listConnections'>> {
  const { read } = ctx.platform.db
  const rows = await read.all(listConnectionRows, {
    ...visibleParams(ctx.actor),
    ...decodeCursor(query.cursor),
    limit: query.limit + 1,
  })
  const about = await aboutResources(read, ctx.actor, 'connection', rows)
  const models = await modelsOfConnections(
    read,
    rows.map((row) => row.id),
  )
  return toPage(rows, query.limit, cursorOf, (row) => presentConnection(row, models.get(row.id) ?? [], about))
}

export async function getConnection(ctx: Context, id: string): Promise<ConnectionView> {
  const { read } = ctx.platform.db
  return connectionView(ctx, read, await connectionFor(ctx, read, id, 'read'))
}

/** A connection as the actor sees it. */
export async function connectionView(
  ctx: Context,
  reader: Reader,
  row: ConnectionRow,
): Promise<ConnectionView> {
  const models = await modelsOfConnections(reader, [row.id])
  const about = await aboutResources(reader, ctx.actor, 'connection', [row])
  return presentConnection(row, models.get(row.id) ?? [], about)
}

/** Models that the actor may see, newest first; with `search`, those whose name, id or connection holds it. */
export async function listModels(
  ctx: Context,
  query: RouteHandlerInput<'models.list'>['query'],
): Promise<RouteReply<'models.list'>> {
  const { read } = ctx.platform.db
  const params = { ...visibleParams(ctx.actor), ...decodeCursor(query.cursor), limit: query.limit + 1 }
  const { connectionId, health, capability } = query
  const search = query.search?.trim()
  const pattern = search ? containing(search) : null
  const filtered = pattern !== null || connectionId || health || capability
  const known = filtered ? null : await knownModels(ctx.platform)
  if (known) return pageOfKnown(known, ctx.actor, query)
  const rows = filtered
    ? await filteredModelRows(read, params, { connectionId, health, capability, pattern })
    : await read.all(listModelRows, params)
  const about = await aboutResources(read, ctx.actor, 'model', rows)
  return toPage(rows, query.limit, cursorOf, (row) => presentModel(row, ctx.actor, about))
}

export async function getModel(ctx: Context, id: string): Promise<ModelView> {
  const { read } = ctx.platform.db
  const row = await modelFor(ctx, read, id, 'read')
  return presentModel(row, ctx.actor, await aboutResources(read, ctx.actor, 'model', [row]))
}
