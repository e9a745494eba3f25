import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { usersByIds, visibleParams } from '../auth/index.ts'
import { modelFor } from './load.ts'
import { listConnectionRows } from './connections.repo.ts'
import { listModelRows, searchModelRows } from './models.repo.ts'
import { containing } from './names.ts'
import { type ModelView, presentConnection, presentModel } from './present.ts'

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
  const owners = await usersByIds(read, [...new Set(rows.map((row) => row.owner_id))])
  return toPage(rows, query.limit, cursorOf, (row) => presentConnection(row, ctx.actor, owners))
}

/** Models that the actor may see, newest first; with `search`, those whose name, id or connection holds it. */
export async function listModels(
  ctx: Context,
  query: RouteHandlerInput<'models.list'>['query'],
): Promise<RouteReply<'models.list'>> {
  const { read } = ctx.platform.db
  const params = { ...visibleParams(ctx.actor), ...decodeCursor(query.cursor), limit: query.limit + 1 }
  const search = query.search?.trim()
  const rows = search
    ? await read.all(searchModelRows, { ...params, pattern: containing(search) })
    : await read.all(listModelRows, params)
  const owners = await usersByIds(read, [...new Set(rows.map((row) => row.owner_id))])
  return toPage(rows, query.limit, cursorOf, (row) => presentModel(row, ctx.actor, owners))
}

export async function getModel(ctx: Context, id: string): Promise<ModelView> {
  const { read } = ctx.platform.db
  const row = await modelFor(ctx, read, id, 'read')
  return presentModel(row, ctx.actor, await usersByIds(read, [row.owner_id]))
}
