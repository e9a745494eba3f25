import type { ErrorCode, Permission, ResourceAction, ResourceKind, Visibility } from '@anneal/contract'
import { resourceActions } from '@anneal/contract'
import type { Actor, Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'

/** One line of a resource's grants: who may do what with it, beside its owner. */
export interface GrantRow {
  subject_kind: 'user' | 'group'
  subject_id: string
  action: ResourceAction
}

export interface Resource {
  kind: ResourceKind
  ownerId: string
  visibility: Visibility
  /** Counted unless the resource is private; absent means none. */
  grants?: readonly GrantRow[]
  /** Who has opened what is personal to another, by an explicit act that is not over yet. */
  openedBy?: readonly string[]
}

/** What a person's role must allow before a resource of this kind can be used or changed at all. */
export const needed: Readonly<Record<ResourceKind, { use: Permission; change: Permission }>> = {
  connection: { use: 'models.use', change: 'connections.manage' },
  model: { use: 'models.use', change: 'models.manage' },
  conversation: { use: 'chat.use', change: 'chat.use' },
  comparison: { use: 'compare.use', change: 'compare.use' },
  prompt: { use: 'prompts.read', change: 'prompts.write' },
  dataset: { use: 'training.write', change: 'datasets.write' },
  project: { use: 'tracking.write', change: 'tracking.write' },
  'tracked-run': { use: 'tracking.write', change: 'tracking.write' },
  'training-run': { use: 'training.write', change: 'training.write' },
  deployment: { use: 'models.use', change: 'deployments.manage' },
  user: { use: 'users.manage', change: 'users.manage' },
}

/** What is written for its owner alone: no role reads it by being one. */
export function isPersonal(kind: ResourceKind): boolean {
  return kind === 'conversation' || kind === 'comparison'
}

const strength: Readonly<Record<ResourceAction, number>> = { read: 1, use: 2, edit: 3, manage: 4 }

/** The strongest action that ownership, visibility and grants give, as a number; 0 for none. */
function reach(actor: Extract<Actor, { userId: string }>, resource: Resource): number {
  if (resource.ownerId === actor.userId) return strength.manage
  if (actor.permissions.has('resources.all') && !isPersonal(resource.kind)) return strength.manage
  if (resource.visibility === 'private') return 0
  let most = resource.visibility === 'everyone' ? strength.use : 0
  for (const grant of resource.grants ?? []) {
    const mine =
      grant.subject_kind === 'user'
        ? grant.subject_id === actor.userId
        : actor.groupIds.includes(grant.subject_id)
    if (mine) most = Math.max(most, strength[grant.action])
  }
  // Whoever looks after what is shared with them reads no further than others do.
  const looksAfter =
    actor.permissions.has('resources.shared') && !isPersonal(resource.kind) && resource.kind !== 'user'
  return most > 0 && looksAfter ? strength.manage : most
}

/** Whether the actor has opened it for reading, and still may. */
function reads(actor: Extract<Actor, { userId: string }>, resource: Resource): boolean {
  const opened = resource.openedBy?.includes(actor.userId) ?? false
  return opened && actor.kind === 'user' && actor.permissions.has('conversations.others')
}

/** The one decision on what an actor may do with a resource. `visibleTo` says the same of `read` inside a query. */
export function can(actor: Actor, action: ResourceAction, resource: Resource): boolean {
  if (actor.kind === 'system') return true
  if (actor.kind === 'nobody') return false
  if (action === 'read' && reads(actor, resource)) return true
  if (reach(actor, resource) < strength[action]) return false
  if (action === 'read') return true
  const permission = needed[resource.kind][action === 'use' ? 'use' : 'change']
  return actor.permissions.has(permission)
}

/** All that the actor may do with it, weakest first. */
export function mayOf(actor: Actor, resource: Resource): ResourceAction[] {
  return resourceActions.filter((action) => can(actor, action, resource))
}

/**
 * Goes on only if the actor may do this.
 * @throws AppError `notFound` where they may not even read it, so that its existence is not told; else `auth.forbidden`.
 */
export function requireCan(
  ctx: Context,
  action: ResourceAction,
  resource: Resource,
  notFound: ErrorCode,
): void {
  if (can(ctx.actor, action, resource)) return
  throw new AppError(can(ctx.actor, 'read', resource) ? 'auth.forbidden' : notFound)
}

/**
 * The user behind the actor.
 * @throws AppError `auth.unauthenticated` for nobody and for the system.
 */
export function actorUserId(actor: Actor): string {
  if ('userId' in actor) return actor.userId
  throw new AppError('auth.unauthenticated')
}
