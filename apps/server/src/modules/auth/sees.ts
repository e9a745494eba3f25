import type { ResourceKind, Visibility } from '@anneal/contract'
import { resourceKinds } from '@anneal/contract'
import type { Actor, Platform } from '../../platform/context.ts'
import type { ChangeRow } from '../../platform/events/index.ts'
import { resourceGrants } from './access/resource-grants.ts'
import { can } from './can.ts'

const resources: ReadonlySet<string> = new Set(resourceKinds)
const isResource = (kind: string): kind is ResourceKind => resources.has(kind)

/** Whether an actor may know of a change: the same decision as `can(actor, 'read', …)`, of what the change says. */
export function sees(platform: Platform, actor: Actor, row: ChangeRow): boolean | Promise<boolean> {
  if (actor.kind === 'system') return true
  if (actor.kind === 'nobody') return false
  if (row.visibility === 'group') return row.ownerId !== null && actor.groupIds.includes(row.ownerId)
  if (row.ownerId === actor.userId) return true
  if (row.visibility === 'permission') return row.permission != null && actor.permissions.has(row.permission)
  const visibility: Visibility = row.visibility
  // What is no resource (a session, a key) is its owner's alone unless it is for everyone.
  if (!isResource(row.kind)) return visibility === 'everyone'
  const resource = { kind: row.kind, ownerId: row.ownerId ?? '', visibility }
  if (can(actor, 'read', resource)) return true
  if (visibility !== 'groups') return false
  return resourceGrants(platform.db.read, row.kind, row.id).then((grants) =>
    can(actor, 'read', { ...resource, grants }),
  )
}
