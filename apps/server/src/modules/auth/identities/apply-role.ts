import type { Role } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import type { WriteTx } from '../../../platform/write.ts'
import type { UserRow } from '../auth.tables.ts'
import { forget } from '../ended.ts'
import { roleFacts } from '../roles/role-facts.ts'
import { emitUser, withdrawMade } from '../update-user.ts'
import { updateUserRow, userById } from '../users.repo.ts'

/**
 * Gives someone the role that their groups say. The last administrator keeps theirs: an instance without one could not
 * be mended.
 * @param administrators everyone who may govern, locked by the caller before anything was read
 */
export async function applyRole(
  ctx: Context,
  tx: WriteTx,
  user: UserRow,
  role: Role,
  administrators: readonly { id: string }[],
): Promise<UserRow> {
  if (role === user.role) return user
  const isLast = user.role === 'administrator' && administrators.every(({ id }) => id === user.id)
  if (isLast) return user
  const was = await roleFacts(tx, user.role)
  const will = await roleFacts(tx, role)
  const next: UserRow = { ...user, role, updated_at: ctx.platform.clock.now() }
  const { changes } = await tx.run(updateUserRow, next)
  if (changes === 0) {
    // Somebody changed the account at this moment: they decide, and the next sign-in looks again.
    const now = await tx.first(userById, { id: user.id })
    if (!now || now.disabled_at !== null) throw new AppError('auth.oidc-disabled')
    return now
  }
  if ([...was.permissions].some((one) => !will.permissions.has(one))) await withdrawMade(ctx, tx, user.id)
  tx.audit('user.role-changed', { kind: 'user', id: user.id }, { name: user.name, from: user.role, to: role })
  emitUser(tx, user.id)
  tx.afterCommit(() => forget(ctx.platform, { userId: user.id }))
  return { ...next, version: user.version + 1 }
}
