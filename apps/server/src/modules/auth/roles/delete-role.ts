import type { Role } from '@anneal/contract'
import { isBuiltinRole } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import type { WriteTx } from '../../../platform/write.ts'
import { write } from '../../../platform/write.ts'
import { forgetPeople } from '../ended.ts'
import { requireReach } from '../ranks.ts'
import { emitUser } from '../update-user.ts'
import { emitRole } from './create-role.ts'
import { presentRole } from './present-role.ts'
import { factsOf } from './role-facts.ts'
import {
  deleteRoleRow,
  lockRole,
  moveInvitations,
  moveUsers,
  openInvitationOf,
  usersOfRole,
} from './roles.repo.ts'

/** Gives the other role to whoever has, or is invited to, the one that goes. */
async function move(
  ctx: Context,
  tx: WriteTx,
  from: string,
  to: Role,
  users: { id: string }[],
): Promise<void> {
  const target = to === from ? undefined : await tx.first(lockRole, { id: to })
  if (!target) throw new AppError('auth.role-not-found')
  requireReach(ctx, factsOf(target).permissions)
  await tx.run(moveUsers, { from, to, now: ctx.platform.clock.now() })
  await tx.run(moveInvitations, { from, to })
  for (const { id } of users) emitUser(tx, id)
}

/**
 * Deletes an own role; whoever has it gets the other one named.
 * @throws AppError `auth.role-not-found`, `auth.role-builtin`, `auth.role-in-use` where someone has it and no other is
 * named, `auth.role-too-high`, `platform.stale-version`.
 */
export async function deleteRole(
  ctx: Context,
  id: string,
  input: { version: number; moveTo?: Role | undefined },
): Promise<void> {
  await write(ctx, async (tx) => {
    const row = await tx.first(lockRole, { id })
    if (!row) throw new AppError('auth.role-not-found')
    if (isBuiltinRole(id)) throw new AppError('auth.role-builtin')
    requireReach(ctx, factsOf(row).permissions)
    const users = await tx.all(usersOfRole, { role: id })
    if (row.version !== input.version)
      throw new AppError('platform.stale-version', {}, { current: presentRole(row, users.length) })
    if (input.moveTo !== undefined) await move(ctx, tx, id, input.moveTo, users)
    else if (users.length > 0 || (await tx.first(openInvitationOf, { role: id })))
      throw new AppError('auth.role-in-use', { users: users.length })
    await tx.run(deleteRoleRow, { id })
    const moved = input.moveTo === undefined ? {} : { moveTo: input.moveTo, users: users.length }
    tx.audit('role.deleted', { kind: 'role', id }, { name: row.name, ...moved })
    emitRole(tx, id, 'deleted')
    tx.afterCommit(() => forgetPeople(ctx.platform))
  })
}
