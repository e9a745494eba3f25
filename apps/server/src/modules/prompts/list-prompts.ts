import { type RouteHandlerInput, type RouteReply, scalars } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { nameKey } from '../../platform/names/index.ts'
import { hasAccess, visibleParams } from '../auth/index.ts'
import { promptFor } from './load.ts'
import { versionSummaries, viewsOf } from './present.ts'
import { listPromptRows, promptByNameKey } from './prompts.repo.ts'
import { usersByIds } from '../auth/index.ts'
import { labelMovesBelow, versionsBelow } from './versions.repo.ts'

/** Prompts that the actor may see, the last changed first; with `name`, the one of that name. */
export async function listPrompts(
  ctx: Context,
  query: RouteHandlerInput<'prompts.list'>['query'],
): Promise<RouteReply<'prompts.list'>> {
  const { read } = ctx.platform.db
  if (query.name !== undefined) return ofName(ctx, query.name)
  const rows = await listPromptRows(
    read,
    { ...visibleParams(ctx.actor), ...decodeCursor(query.cursor), limit: query.limit + 1 },
    { search: query.search?.trim() || undefined, label: query.label },
  )
  const page = toPage(
    rows,
    query.limit,
    (row) => ({ at: row.updated_at, id: row.id }),
    (row) => row,
  )
  return { items: await viewsOf(ctx, read, page.items), nextCursor: page.nextCursor }
}

async function ofName(ctx: Context, name: string): Promise<RouteReply<'prompts.list'>> {
  const { read } = ctx.platform.db
  const row = await read.first(promptByNameKey, { name_key: nameKey(name) })
  if (!row) return { items: [], nextCursor: null }
  const isSeen = await hasAccess(ctx, read, 'read', 'prompt', row)
  return { items: isSeen ? await viewsOf(ctx, read, [row]) : [], nextCursor: null }
}

/** A prompt's versions without their texts, newest first. */
export async function listVersions(
  ctx: Context,
  id: string,
  query: RouteHandlerInput<'prompts.versions'>['query'],
): Promise<RouteReply<'prompts.versions'>> {
  const { read } = ctx.platform.db
  await promptFor(ctx, read, id, 'read')
  const below = decodeCursor(query.cursor).at
  const rows = await read.all(versionsBelow, {
    prompt_id: id,
    below: Math.max(0, Math.min(below, scalars.largestInt)),
    limit: query.limit + 1,
  })
  const page = toPage(
    rows,
    query.limit,
    (row) => ({ at: row.number, id: row.id }),
    (row) => row,
  )
  return { items: await versionSummaries(read, id, page.items), nextCursor: page.nextCursor }
}

/** Where a label of a prompt has been, newest move first. */
export async function listLabelMoves(
  ctx: Context,
  params: RouteHandlerInput<'prompts.labelMoves'>['params'],
  query: RouteHandlerInput<'prompts.labelMoves'>['query'],
): Promise<RouteReply<'prompts.labelMoves'>> {
  const { read } = ctx.platform.db
  await promptFor(ctx, read, params.id, 'read')
  const rows = await read.all(labelMovesBelow, {
    prompt_id: params.id,
    label: params.label,
    ...decodeCursor(query.cursor),
    limit: query.limit + 1,
  })
  const people = await usersByIds(
    read,
    rows.map((row) => row.moved_by),
  )
  return toPage(
    rows,
    query.limit,
    (row) => ({ at: row.created_at, id: row.id }),
    (row) => ({
      id: row.id,
      from: row.from_number,
      to: row.to_number,
      reason: row.reason,
      movedById: row.moved_by,
      movedByName: people.get(row.moved_by)?.name ?? '',
      at: new Date(row.created_at).toISOString(),
    }),
  )
}
