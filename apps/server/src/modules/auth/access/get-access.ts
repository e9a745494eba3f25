import type { AccessKind, ResourceAction, RouteReply } from '@anneal/contract'
import type { Actor, Context } from '../../../platform/context.ts'
import type { Reader } from '../../../platform/db/index.ts'
import type { GrantRow } from '../can.ts'
import { isPersonal, mayOf } from '../can.ts'
import { grantsOf } from '../grants.repo.ts'
import { groupsByIds } from '../groups/groups.repo.ts'
import { factsOf } from '../roles/role-facts.ts'
import { allRoles } from '../roles/roles.repo.ts'
import { usersByIds } from '../users.repo.ts'
import { accessVersion, sharedRow } from './access.repo.ts'
import { declarationOf } from './declare-resource.ts'
import type { Shared } from './load-shared.ts'
import { asResourceRow, loadShared } from './load-shared.ts'
import { resourceOf } from './require-access.ts'

export type AccessView = RouteReply<'access.getAccess'>

/** What a grant of a kind may give, weakest first. */
export function givableActions(kind: AccessKind): ResourceAction[] {
  return isPersonal(kind) ? ['use'] : ['read', 'use', 'edit', 'manage']
}

/** Its owner hands it over, or whoever may reach all; what is personal stays with whom it belongs to. */
export function mayHandOver(actor: Actor, kind: AccessKind, ownerId: string): boolean {
  if (isPersonal(kind)) return false
  if (actor.kind === 'system') return true
  return 'userId' in actor && (actor.userId === ownerId || actor.permissions.has('resources.all'))
}

async function presentGrants(reader: Reader, grants: readonly GrantRow[]): Promise<AccessView['grants']> {
  const idsOf = (kind: GrantRow['subject_kind']) =>
    grants.filter((grant) => grant.subject_kind === kind).map((grant) => grant.subject_id)
  const people = await usersByIds(reader, idsOf('user'))
  const groups = await groupsByIds(reader, idsOf('group'))
  // Of a group or a person that is gone, nothing is shown: its grant gives nothing.
  return grants.flatMap(({ subject_kind: kind, subject_id: id, action }) => {
    const group = kind === 'group' ? groups.get(id) : undefined
    const person = kind === 'user' ? people.get(id) : undefined
    const named = group ?? person
    if (!named) return []
    const subject = {
      kind,
      id,
      name: named.name,
      email: person?.email ?? null,
      members: group?.members ?? null,
    }
    return [{ subject, action }]
  })
}

/** Roles whose holders reach it, owner or not: all of it, or what everyone sees. */
async function presentRoles(reader: Reader, { row, declaration }: Shared): Promise<AccessView['roles']> {
  if (isPersonal(declaration.kind)) return []
  const roles = await reader.all(allRoles, {})
  return roles.flatMap((role) => {
    const { permissions, name } = factsOf(role)
    const looksAfter = row.visibility === 'everyone' && permissions.has('resources.shared')
    const reaches = permissions.has('resources.all') || looksAfter
    return reaches ? [{ id: role.id, name, action: 'manage' as const }] : []
  })
}

async function followed({ declaration, row }: Shared, reader: Reader): Promise<AccessView['follows']> {
  const parent = declaration.parent && row.parent_id ? declarationOf(declaration.parent.kind) : undefined
  const above = parent && row.parent_id ? await sharedRow(reader, parent, row.parent_id) : undefined
  return parent && above ? { kind: parent.kind, id: above.id, name: above.name } : null
}

export async function presentAccess(ctx: Context, reader: Reader, shared: Shared): Promise<AccessView> {
  const { declaration, row } = shared
  const { kind } = declaration
  const resource = await resourceOf(ctx, reader, kind, asResourceRow(shared))
  const follows = await followed(shared, reader)
  const at = follows && declaration.parent?.grants === 'looked-up' ? follows : { kind, id: row.id }
  const grants = await grantsOf(reader, at.kind, at.id)
  const may = mayOf(ctx.actor, resource)
  const { actor } = ctx
  const reaching = (grant: GrantRow) =>
    'userId' in actor &&
    (grant.subject_kind === 'user'
      ? grant.subject_id === actor.userId
      : actor.groupIds.includes(grant.subject_id))
  const shown = may.includes('manage') ? grants : grants.filter(reaching)
  const owner = (await usersByIds(reader, [row.owner_id])).get(row.owner_id)
  const version = await reader.first(accessVersion, { kind, id: row.id })
  return {
    kind,
    id: row.id,
    name: row.name,
    owner: { id: row.owner_id, name: owner?.name ?? '', email: owner?.email ?? '' },
    visibility: row.visibility,
    grants: await presentGrants(reader, shown),
    roles: await presentRoles(reader, shared),
    follows,
    actions: givableActions(kind),
    may,
    mayHandOver: follows === null && mayHandOver(actor, kind, row.owner_id),
    version: version?.version ?? 1,
  }
}

/**
 * Who has access to a resource, and why. Whoever does not manage it sees of the grants those that reach them.
 * @throws AppError `access.resource-not-found`.
 */
export async function getAccess(ctx: Context, kind: AccessKind, id: string): Promise<AccessView> {
  const { read } = ctx.platform.db
  return presentAccess(ctx, read, await loadShared(ctx, read, kind, id, 'read'))
}
