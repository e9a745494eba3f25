import type { ErrorCode, ResourceAction, ResourceKind, Visibility } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import type { Reader } from '../../../platform/db/index.ts'
import type { Resource } from '../can.ts'
import { can, isPersonal, requireCan } from '../can.ts'
import { grantedAt, grantsOf } from '../grants.repo.ts'
import { openReadings } from './access.repo.ts'
import { readOthersConversations } from './access.settings.ts'

/** The columns that every resource has; a tracked run's grants are those of its project. */
export interface ResourceRow {
  id: string
  owner_id: string
  visibility: string
  project_id?: string
}

/** Who has opened it, where that counts for anything: the setting may have been turned off meanwhile. */
async function openedBy(ctx: Context, reader: Reader, kind: ResourceKind, id: string): Promise<string[]> {
  const { actor, platform } = ctx
  const mayAsk = isPersonal(kind) && actor.kind === 'user' && actor.permissions.has('conversations.others')
  if (!mayAsk || !platform.settings.get(readOthersConversations)) return []
  const rows = await reader.all(openReadings, { kind, id, now: platform.clock.now() })
  return rows.map((row) => row.reader_id)
}

/** A row with all that `can` asks of it. */
export async function resourceOf(
  ctx: Context,
  reader: Reader,
  kind: ResourceKind,
  row: ResourceRow,
): Promise<Resource> {
  const visibility = row.visibility as Visibility
  const resource = { kind, ownerId: row.owner_id, visibility }
  const { actor } = ctx
  if ('userId' in actor && actor.userId === row.owner_id) return resource
  const at = grantedAt(kind)
  const id = at.column === 'id' ? row.id : (row.project_id ?? row.id)
  const grants = visibility === 'private' ? [] : await grantsOf(reader, at.kind, id)
  return { ...resource, grants, openedBy: await openedBy(ctx, reader, kind, row.id) }
}

/** Most often ownership, visibility and role decide, and nothing more is read. */
function canAtOnce(ctx: Context, action: ResourceAction, kind: ResourceKind, row: ResourceRow): boolean {
  return can(ctx.actor, action, { kind, ownerId: row.owner_id, visibility: row.visibility as Visibility })
}

/**
 * Goes on only if the actor may do this with the row's resource, with grants and all.
 * @throws AppError `notFound` where they may not even read it, so that its existence is not told; else `auth.forbidden`.
 */
export async function requireAccess(
  ctx: Context,
  reader: Reader,
  action: ResourceAction,
  kind: ResourceKind,
  row: ResourceRow,
  notFound: ErrorCode,
): Promise<void> {
  if (canAtOnce(ctx, action, kind, row)) return
  requireCan(ctx, action, await resourceOf(ctx, reader, kind, row), notFound)
}

/** The same as an answer. */
export async function hasAccess(
  ctx: Context,
  reader: Reader,
  action: ResourceAction,
  kind: ResourceKind,
  row: ResourceRow,
): Promise<boolean> {
  if (canAtOnce(ctx, action, kind, row)) return true
  return can(ctx.actor, action, await resourceOf(ctx, reader, kind, row))
}
