import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import type { Tx } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { write } from '../../../platform/write.ts'
import type { UserRow } from '../auth.tables.ts'
import { forget } from '../ended.ts'
import { requireNoOwnKey, requireRank } from '../ranks.ts'
import { roleFacts } from '../roles/role-facts.ts'
import { endSessionsIn } from '../sessions.ts'
import { userById } from '../users.repo.ts'
import { emitFactors } from './add-factor.ts'
import { deletePasskeysOf, deleteRecoveryCodes, deleteTicketsOf, deleteTotp } from './factors.repo.ts'
import { factorsOf, hasFactor } from './has-factors.ts'
import { requireRecentProof } from './recent-proof.ts'

/**
 * What holds once a person has removed a factor, within the caller's transaction: recovery codes go with the last one.
 * @throws AppError `auth.factor-required` where the role needs one.
 */
export async function afterRemovalIn(tx: Tx, user: UserRow): Promise<void> {
  if (hasFactor(await factorsOf(tx, user.id))) return
  if ((await roleFacts(tx, user.role)).secondFactor) throw new AppError('auth.factor-required')
  await tx.run(deleteRecoveryCodes, { userId: user.id })
}

/**
 * Removes every factor of a user who has lost them, and ends their sessions: by the password alone they get in again,
 * and set up new ones where their role asks for it.
 * @throws AppError `auth.account-not-found`, `auth.role-too-high`, `auth.key-of-self`, `auth.proof-needed`.
 */
export async function removeUserFactors(
  ctx: Context,
  userId: string,
): Promise<RouteReply<'auth.removeUserFactors'>> {
  await requireRecentProof(ctx)
  return write(ctx, async (tx) => {
    const user = await tx.first(userById, { id: userId })
    if (!user) throw new AppError('auth.account-not-found')
    await requireRank(ctx, tx, user.role)
    requireNoOwnKey(ctx, userId)
    const { totp, passkeys } = await factorsOf(tx, userId)
    await tx.run(deleteTotp, { userId })
    await tx.run(deletePasskeysOf, { userId })
    await tx.run(deleteRecoveryCodes, { userId })
    await tx.run(deleteTicketsOf, { userId })
    const ended = await endSessionsIn(ctx, tx, userId)
    const removed = passkeys.length + (totp ? 1 : 0)
    tx.audit('user.factors-removed', { kind: 'user', id: userId }, { name: user.name, removed, ended })
    emitFactors(tx, userId)
    tx.afterCommit(() => forget(ctx.platform, { userId }))
    return { removed, ended }
  })
}
