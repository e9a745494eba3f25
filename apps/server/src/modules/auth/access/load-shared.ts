import type { AccessKind, ResourceAction } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import type { Reader } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import type { SharedRow } from './access.repo.ts'
import { sharedRow } from './access.repo.ts'
import type { ResourceDeclaration } from './declare-resource.ts'
import { declarationOf } from './declare-resource.ts'
import type { ResourceRow } from './require-access.ts'
import { hasAccess, requireAccess } from './require-access.ts'

export interface Shared {
  declaration: ResourceDeclaration
  row: SharedRow
}

/** As the decision wants it: what follows a parent is judged with the parent's grants where they lie there. */
export function asResourceRow({ row, declaration }: Shared): ResourceRow {
  const { id, owner_id, visibility, parent_id: parentId } = row
  const looksUp = declaration.parent?.grants === 'looked-up' && parentId !== null
  return { id, owner_id, visibility, ...(looksUp ? { project_id: parentId } : {}) }
}

/**
 * A resource of whatever kind that the actor may do `action` with.
 * @throws AppError `access.resource-not-found` for anyone who may not even read it, `auth.forbidden`.
 */
export async function loadShared(
  ctx: Context,
  reader: Reader,
  kind: AccessKind,
  id: string,
  action: ResourceAction,
  options: { lock?: boolean } = {},
): Promise<Shared> {
  const declaration = declarationOf(kind)
  const row = declaration && (await sharedRow(reader, declaration, id, options.lock))
  if (!declaration || !row || row.deleted_at !== null) throw new AppError('access.resource-not-found')
  const shared = { declaration, row }
  await requireAccess(ctx, reader, action, kind, asResourceRow(shared), 'access.resource-not-found')
  return shared
}

/** Whether the actor may do this with something of whatever kind; not where it is not there. */
export async function hasSharedAccess(
  ctx: Context,
  reader: Reader,
  { kind, id }: { kind: AccessKind; id: string },
  action: ResourceAction,
): Promise<boolean> {
  const declaration = declarationOf(kind)
  const row = declaration && (await sharedRow(reader, declaration, id))
  if (!declaration || !row || row.deleted_at !== null) return false
  return hasAccess(ctx, reader, action, kind, asResourceRow({ declaration, row }))
}
