import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import type { WriteTx } from '../../../platform/write.ts'
import { write } from '../../../platform/write.ts'
import { forgetPeople } from '../ended.ts'
import { usersByIds } from '../users.repo.ts'
import { emitGroup } from './create-group.ts'
import type { GroupView } from './group-rights.ts'
import { knownGroup, managedGroups, managesGroups } from './group-rights.ts'
import { deleteMember, insertMember, knownUserIds, lockGroup, memberOf, setManages } from './groups.repo.ts'
import { groupView } from './present-group.ts'

type Input = RouteHandlerInput<'access.changeGroupMembers'>['body']

/** Goes on for whoever manages groups, or looks after this one and names no managers. */
async function requireMembers(ctx: Context, tx: WriteTx, id: string, input: Input): Promise<void> {
  await knownGroup(ctx, tx, id)
  if (managesGroups(ctx)) return
  const looksAfter = (await managedGroups(ctx, tx)).has(id)
  if (!looksAfter || input.add.some(({ manages }) => manages !== undefined))
    throw new AppError('auth.forbidden')
}

interface Changed {
  added: string[]
  removed: string[]
  managers: string[]
  noManagers: string[]
}

async function apply(tx: WriteTx, groupId: string, input: Input): Promise<Changed> {
  const changed: Changed = { added: [], removed: [], managers: [], noManagers: [] }
  for (const { userId, manages } of input.add) {
    const present = await tx.first(memberOf, { groupId, userId })
    const was = Number(present?.manages ?? 0) === 1
    const is = manages ?? was
    const row = { group_id: groupId, user_id: userId, manages: is ? 1 : 0 }
    if (!present) {
      await tx.run(insertMember, row)
      changed.added.push(userId)
    } else if (was !== is) await tx.run(setManages, row)
    if (was !== is) changed[is ? 'managers' : 'noManagers'].push(userId)
  }
  for (const userId of input.remove) {
    const { changes } = await tx.run(deleteMember, { groupId, userId })
    if (changes > 0) changed.removed.push(userId)
  }
  return changed
}

/**
 * Adds and removes members, all or none of them; what they may do follows at once.
 * @throws AppError `access.group-not-found`, `auth.user-not-found`, `auth.forbidden`.
 */
export async function changeGroupMembers(ctx: Context, id: string, input: Input): Promise<GroupView> {
  return write(ctx, async (tx) => {
    await requireMembers(ctx, tx, id, input)
    const row = await tx.first(lockGroup, { id })
    if (!row || row.deleted_at !== null) throw new AppError('access.group-not-found')
    const ids = input.add.map(({ userId }) => userId)
    const known = await knownUserIds(tx, ids)
    if (ids.some((userId) => !known.has(userId))) throw new AppError('auth.user-not-found')
    const changed = await apply(tx, id, input)
    const people = await usersByIds(tx, [...changed.added, ...changed.removed])
    const names = Object.entries(changed)
      .filter(([, some]) => some.length > 0)
      .map(([what, some]) => [what, some.map((userId: string) => people.get(userId)?.email ?? userId)])
    tx.audit('group.members-changed', { kind: 'group', id }, { name: row.name, ...Object.fromEntries(names) })
    emitGroup(tx, id, 'updated')
    // Whoever left is no member any more, and still is to hear of it.
    for (const userId of changed.removed)
      tx.emit({ kind: 'group', id, change: 'deleted', ownerId: userId, visibility: 'private' })
    tx.afterCommit(() => forgetPeople(ctx.platform))
    return groupView(ctx, tx, row)
  })
}
