import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { write } from '../../../platform/write.ts'
import { actorUserId } from '../can.ts'
import { requireRank } from '../ranks.ts'
import { lockAdministrators, userById } from '../users.repo.ts'
import type { Deletion } from './bury.ts'
import { buryIn, requireAnother, requireHeir } from './bury.ts'
import { deletionOf } from './owned.repo.ts'

/**
 * Deletes a user for good.
 * @throws AppError `auth.account-not-found`, `people.delete-self`, `auth.role-too-high`, `auth.last-administrator`,
 * `people.heir-needed`, `auth.user-not-found`, `access.owner-cannot`, `platform.stale-version`.
 */
export async function deleteUser(
  ctx: Context,
  id: string,
  input: RouteHandlerInput<'people.deleteUser'>['query'],
): Promise<Deletion> {
  const actorId = actorUserId(ctx.actor)
  if (id === actorId) throw new AppError('people.delete-self')
  return write(ctx, async (tx) => {
    await tx.all(lockAdministrators, {})
    const user = await tx.first(userById, { id })
    if (!user) throw new AppError('auth.account-not-found')
    await requireRank(ctx, tx, user.role)
    await requireAnother(tx, user)
    const heirId = await requireHeir(tx, user, input, actorId)
    return buryIn(ctx, tx, user, { version: input.version, owned: input.owned, heirId })
  })
}

/**
 * How far a deletion has come.
 * @throws AppError `auth.account-not-found`.
 */
export async function readDeletion(ctx: Context, userId: string): Promise<Deletion> {
  const row = await ctx.platform.db.read.first(deletionOf, { userId })
  if (!row) throw new AppError('auth.account-not-found')
  const { state, done, total, kept } = row
  return { state, done: Number(done), total: Number(total), kept: Number(kept) }
}
