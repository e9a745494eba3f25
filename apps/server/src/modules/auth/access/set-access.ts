import type { AccessKind, RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { UniqueViolation } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { WriteTx } from '../../../platform/write.ts'
import { write } from '../../../platform/write.ts'
import type { GrantRow } from '../can.ts'
import { grantsOf } from '../grants.repo.ts'
import { groupsByIds, knownUserIds } from '../groups/groups.repo.ts'
import {
  accessVersion,
  changeShared,
  deleteGrants,
  followersRows,
  insertAccessVersion,
  insertGrant,
  setAccessVersion,
  sharedRow,
} from './access.repo.ts'
import { followersOf } from './declare-resource.ts'
import type { AccessView } from './get-access.ts'
import { givableActions, presentAccess } from './get-access.ts'
import type { Shared } from './load-shared.ts'
import { loadShared } from './load-shared.ts'
import { tellAccess } from './tell-access.ts'
import { toldChanges } from './told-changes.ts'

type Input = RouteHandlerInput<'access.setAccess'>['body']

export interface AccessGiven {
  kind: AccessKind
  id: string
  name: string
  /** People who were named and had nothing before. */
  userIds: string[]
}
const listeners: ((tx: WriteTx, given: AccessGiven) => Promise<void>)[] = []

/** Joins the transaction in which something is shared with people by name, so that they are told. */
export function onAccessGiven(listener: (tx: WriteTx, given: AccessGiven) => Promise<void>): void {
  listeners.push(listener)
}

async function tellGiven(
  tx: WriteTx,
  { declaration, row }: Shared,
  former: readonly GrantRow[],
  next: readonly GrantRow[],
): Promise<void> {
  const had = new Set(row.visibility === 'private' ? [] : former.map((grant) => grant.subject_id))
  const userIds = next
    .filter((grant) => grant.subject_kind === 'user' && !had.has(grant.subject_id))
    .map((grant) => grant.subject_id)
  if (userIds.length === 0) return
  for (const listener of listeners)
    await listener(tx, { kind: declaration.kind, id: row.id, name: row.name, userIds })
}

/** One line a subject, the last one that was said; the owner needs none. */
function rowsOf(input: Input, ownerId: string): GrantRow[] {
  const rows = new Map<string, GrantRow>()
  for (const { subject, action } of input.grants)
    if (subject.kind === 'group' || subject.id !== ownerId)
      rows.set(`${subject.kind} ${subject.id}`, {
        subject_kind: subject.kind,
        subject_id: subject.id,
        action,
      })
  return [...rows.values()]
}

/** @throws AppError `access.read-only`, `access.subject-not-found`. */
async function requireGivable(tx: WriteTx, kind: AccessKind, rows: readonly GrantRow[]): Promise<void> {
  const givable = givableActions(kind)
  if (rows.some((row) => !givable.includes(row.action))) throw new AppError('access.read-only')
  const idsOf = (subject: GrantRow['subject_kind']) =>
    rows.filter((row) => row.subject_kind === subject).map((row) => row.subject_id)
  const groups = await groupsByIds(tx, idsOf('group'))
  const people = await knownUserIds(tx, idsOf('user'))
  if (rows.some(({ subject_id: id }) => !groups.has(id) && !people.has(id)))
    throw new AppError('access.subject-not-found')
}

/**
 * Counts the change; whoever set it out from an older state is told the present one.
 * @throws AppError `platform.stale-version`.
 */
export async function countChange(ctx: Context, tx: WriteTx, shared: Shared, version: number): Promise<void> {
  const { kind } = shared.declaration
  const { id } = shared.row
  const present = await tx.first(accessVersion, { kind, id })
  if ((present?.version ?? 1) !== version)
    throw new AppError('platform.stale-version', {}, { current: await presentAccess(ctx, tx, shared) })
  const next = { resource_kind: kind, resource_id: id, version: version + 1 }
  await tx.run(present ? setAccessVersion : insertAccessVersion, next)
}

export async function replaceGrants(
  tx: WriteTx,
  at: { kind: AccessKind; id: string },
  rows: readonly GrantRow[],
  now: number,
): Promise<void> {
  await tx.run(deleteGrants, at)
  for (const row of rows)
    await tx.run(insertGrant, {
      ...row,
      id: newId(),
      resource_kind: at.kind,
      resource_id: at.id,
      created_at: now,
    })
}

/** What follows it gets the same; what keeps grants of its own gets copies. */
async function carryOn(
  ctx: Context,
  tx: WriteTx,
  { declaration, row }: Shared,
  visibility: Input['visibility'],
  grants: readonly GrantRow[],
): Promise<void> {
  for (const follower of followersOf(declaration.kind)) {
    const where = { column: follower.parent.column, id: row.id }
    const rows = await followersRows(tx, follower, where)
    const widened = visibility === 'private' ? {} : { widenedFor: row.owner_id }
    await changeShared(tx, follower, where, { visibility, ...widened })
    for (const one of rows) {
      const { kind } = follower
      const audience = { ownerId: one.owner_id, grants }
      if (follower.parent.grants === 'copied') {
        const former = await grantsOf(tx, kind, one.id)
        await replaceGrants(tx, { kind, id: one.id }, grants, ctx.platform.clock.now())
        tellAccess(
          tx,
          { kind, id: one.id },
          { ...audience, visibility: one.visibility, grants: former },
          {
            ...audience,
            visibility,
          },
        )
      }
    }
    // Of many that look up their grants, one telling is enough: pages re-read what they show of the kind.
    const [first] = rows
    if (first && follower.parent.grants === 'looked-up') {
      const former = await grantsOf(tx, declaration.kind, row.id)
      const owner = { ownerId: first.owner_id }
      tellAccess(
        tx,
        { kind: follower.kind, id: first.id },
        { ...owner, visibility: first.visibility, grants: former },
        { ...owner, visibility, grants },
      )
    }
  }
}

/**
 * Says who has access to a resource, besides its owner.
 * @throws AppError `access.resource-not-found`, `auth.forbidden`, `access.follows`, `access.read-only`,
 * `access.subject-not-found`, `platform.stale-version`.
 */
export async function setAccess(
  ctx: Context,
  kind: AccessKind,
  id: string,
  input: Input,
): Promise<AccessView> {
  try {
    return await write(ctx, async (tx) => {
      const shared = await loadShared(ctx, tx, kind, id, 'manage', { lock: true })
      const { row, declaration } = shared
      if (row.parent_id !== null) throw new AppError('access.follows')
      const next = rowsOf(input, row.owner_id)
      await requireGivable(tx, kind, next)
      await countChange(ctx, tx, shared, input.version)
      const former = await grantsOf(tx, kind, id)
      await carryOn(ctx, tx, shared, input.visibility, next)
      if (input.visibility !== row.visibility)
        await changeShared(tx, declaration, { column: 'id', id }, { visibility: input.visibility })
      await replaceGrants(tx, { kind, id }, next, ctx.platform.clock.now())
      const owner = { ownerId: row.owner_id }
      const before = { ...owner, visibility: row.visibility, grants: former }
      const after = { ...owner, visibility: input.visibility, grants: next }
      tx.audit('access.changed', { kind, id }, await toldChanges(tx, row.name, before, after))
      tellAccess(tx, { kind, id }, before, after)
      if (input.visibility !== 'private') await tellGiven(tx, shared, former, next)
      const changed = (await sharedRow(tx, declaration, id)) ?? row
      return presentAccess(ctx, tx, { declaration, row: changed })
    })
  } catch (error) {
    // Two who were first at once: the second meets the version that the first has made.
    if (error instanceof UniqueViolation) throw new AppError('platform.stale-version')
    throw error
  }
}
