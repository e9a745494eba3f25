import type { AccessKind, RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { UniqueViolation } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import type { WriteTx } from '../../../platform/write.ts'
import { write } from '../../../platform/write.ts'
import type { GrantRow } from '../can.ts'
import { can, isPersonal, needed } from '../can.ts'
import { grantsOf } from '../grants.repo.ts'
import { roleFacts } from '../roles/role-facts.ts'
import { userById } from '../users.repo.ts'
import { changeShared, followersRows, sharedRow } from './access.repo.ts'
import { followersOf } from './declare-resource.ts'
import type { AccessView } from './get-access.ts'
import { mayHandOver, presentAccess } from './get-access.ts'
import type { Shared } from './load-shared.ts'
import { asResourceRow, loadShared } from './load-shared.ts'
import { resourceOf } from './require-access.ts'
import { countChange, replaceGrants } from './set-access.ts'
import { tellAccess } from './tell-access.ts'

type Input = RouteHandlerInput<'access.handOver'>['body']

/** @throws AppError `auth.user-not-found`, `access.owner-cannot` where the role allows to change nothing of the kind. */
async function requireOwner(tx: WriteTx, kind: AccessKind, userId: string): Promise<string> {
  const user = await tx.first(userById, { id: userId })
  if (!user || user.disabled_at !== null) throw new AppError('auth.user-not-found')
  const { permissions } = await roleFacts(tx, user.role)
  if (!permissions.has(needed[kind].change)) throw new AppError('access.owner-cannot', { name: user.name })
  return user.mail
}

/** The grants after it: the new owner needs none, the former one keeps what was said. */
function grantsAfter(former: readonly GrantRow[], from: string, input: Input): GrantRow[] {
  const others = former.filter(
    ({ subject_kind: kind, subject_id: id }) => kind === 'group' || (id !== input.ownerId && id !== from),
  )
  return input.keep === null
    ? others
    : [...others, { subject_kind: 'user', subject_id: from, action: input.keep }]
}

/** What follows it goes along, where it was the same owner's. */
async function takeAlong(tx: WriteTx, { declaration, row }: Shared, ownerId: string): Promise<void> {
  for (const follower of followersOf(declaration.kind)) {
    const where = { column: follower.parent.column, id: row.id }
    const rows = await followersRows(tx, follower, where)
    await changeShared(tx, follower, where, { ownerId, ofOwner: row.owner_id })
    for (const one of rows.slice(0, 1))
      tx.emit({
        kind: follower.kind,
        id: one.id,
        change: 'updated',
        ownerId: row.owner_id,
        visibility: 'private',
      })
  }
}

/**
 * Gives a resource to another owner. Null where the actor may not even read it any more.
 * @throws AppError `access.resource-not-found`, `auth.forbidden`, `access.follows`, `access.read-only`,
 * `auth.user-not-found`, `access.owner-cannot`, `platform.stale-version`.
 */
export async function handOver(
  ctx: Context,
  kind: AccessKind,
  id: string,
  input: Input,
): Promise<AccessView | null> {
  try {
    return await write(ctx, async (tx) => {
      const shared = await loadShared(ctx, tx, kind, id, 'manage', { lock: true })
      const { row, declaration } = shared
      if (isPersonal(kind)) throw new AppError('access.read-only')
      if (row.parent_id !== null) throw new AppError('access.follows')
      if (!mayHandOver(ctx.actor, kind, row.owner_id)) throw new AppError('auth.forbidden')
      const mail = await requireOwner(tx, kind, input.ownerId)
      await countChange(ctx, tx, shared, input.version)
      const former = await grantsOf(tx, kind, id)
      const next = grantsAfter(former, row.owner_id, input)
      await takeAlong(tx, shared, input.ownerId)
      // What the former owner keeps would sleep in a private resource.
      const visibility = input.keep !== null && row.visibility === 'private' ? 'groups' : row.visibility
      await changeShared(tx, declaration, { column: 'id', id }, { ownerId: input.ownerId, visibility })
      await replaceGrants(tx, { kind, id }, next, ctx.platform.clock.now())
      tx.audit('access.handed-over', { kind, id }, { name: row.name, to: mail })
      tellAccess(
        tx,
        { kind, id },
        { ownerId: row.owner_id, visibility: row.visibility, grants: former },
        { ownerId: input.ownerId, visibility, grants: next },
      )
      const changed = { declaration, row: (await sharedRow(tx, declaration, id)) ?? row }
      const resource = await resourceOf(ctx, tx, kind, asResourceRow(changed))
      return can(ctx.actor, 'read', resource) ? presentAccess(ctx, tx, changed) : null
    })
  } catch (error) {
    if (error instanceof UniqueViolation) throw new AppError('platform.stale-version')
    throw error
  }
}
