import type { Role, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { nameKey } from '../../platform/names/index.ts'
import type { WriteTx } from '../../platform/write.ts'
import { write } from '../../platform/write.ts'
import type { UserRow } from './auth.tables.ts'
import { emitInvitation } from './create-invitation.ts'
import { forget } from './ended.ts'
import { openLinksMadeBy, withdrawByOpenKey, withdrawLinkRow } from './links.repo.ts'
import { passwordKey } from './one-time-links.ts'
import { presentUser } from './present.ts'
import { requireNoOwnKey, requireReach } from './ranks.ts'
import { knownRole, roleFacts } from './roles/role-facts.ts'
import { endSessionsIn } from './sessions.ts'
import { lockAdministrators, updateUserRow, userById } from './users.repo.ts'

export interface UserChanges {
  version: number
  name?: string | undefined
  role?: Role | undefined
  disabled?: boolean | undefined
}

/** Whoever may read users hears of it, and the user themself. */
export function emitUser(tx: WriteTx, id: string): void {
  tx.emit({
    kind: 'user',
    id,
    change: 'updated',
    ownerId: id,
    visibility: 'permission',
    permission: 'users.read',
  })
}

const governs = (user: Pick<UserRow, 'role' | 'disabled_at' | 'kind'>) =>
  user.role === 'administrator' && user.kind === 'person' && user.disabled_at === null

/** What was done, in the one word of the audit that says most. */
function actionOf(before: UserRow, after: UserRow): string {
  if (before.disabled_at === null && after.disabled_at !== null) return 'user.disabled'
  if (before.disabled_at !== null && after.disabled_at === null) return 'user.enabled'
  return before.role === after.role ? 'user.updated' : 'user.role-changed'
}

function changed(ctx: Context, user: UserRow, input: UserChanges): UserRow {
  const now = ctx.platform.clock.now()
  const name = input.name ?? user.name
  const disabledAt = input.disabled ? (user.disabled_at ?? now) : null
  return {
    ...user,
    name,
    name_key: nameKey(name),
    role: input.role ?? user.role,
    disabled_at: input.disabled === undefined ? user.disabled_at : disabledAt,
    updated_at: now,
  }
}

/** Of whoever is disabled, nothing stays open: no session, and no link that would make one. */
async function shutOut(ctx: Context, tx: WriteTx, userId: string): Promise<void> {
  await endSessionsIn(ctx, tx, userId)
  await tx.run(withdrawByOpenKey, { key: passwordKey(userId), now: ctx.platform.clock.now() })
}

/** Whoever loses power keeps no door: invitations and links for passwords that they made stop working. */
export async function withdrawMade(ctx: Context, tx: WriteTx, userId: string): Promise<void> {
  const now = ctx.platform.clock.now()
  for (const { id, purpose } of await tx.all(openLinksMadeBy, { userId })) {
    await tx.run(withdrawLinkRow, { id, now })
    if (purpose === 'invitation') emitInvitation(tx, id, 'deleted')
  }
}

/**
 * Changes a user's name or role, disables or enables them. A stale version answers 409 with what is there now.
 * @throws AppError `auth.account-not-found`, `auth.role-too-high`, `auth.key-of-self`,
 * `auth.last-administrator`.
 */
export async function updateUser(
  ctx: Context,
  id: string,
  input: UserChanges,
): Promise<RouteReply<'auth.updateUser'>> {
  return write(ctx, async (tx) => {
    // Before anything is read: who waits here meets what the other has left.
    const mayEnd = input.role !== undefined || input.disabled === true
    const administrators = mayEnd ? await tx.all(lockAdministrators, {}) : []
    const user = await tx.first(userById, { id })
    if (!user) throw new AppError('auth.account-not-found')
    const was = await roleFacts(tx, user.role)
    requireReach(ctx, was.permissions)
    const will = input.role === undefined ? was : await knownRole(tx, input.role)
    requireReach(ctx, will.permissions)
    if (input.role !== undefined && input.role !== user.role) requireNoOwnKey(ctx, id)
    const next = changed(ctx, user, input)
    if (governs(user) && !governs(next) && administrators.every((one) => one.id === id))
      throw new AppError('auth.last-administrator')
    const { changes } = await tx.run(updateUserRow, { ...next, version: input.version })
    if (changes === 0) {
      const current = await tx.first(userById, { id })
      throw new AppError(
        'platform.stale-version',
        {},
        { current: presentUser(current ?? user, (await roleFacts(tx, (current ?? user).role)).name) },
      )
    }
    const action = actionOf(user, next)
    if (action === 'user.disabled') await shutOut(ctx, tx, id)
    const isLower = [...was.permissions].some((one) => !will.permissions.has(one))
    if (isLower || action === 'user.disabled') await withdrawMade(ctx, tx, id)
    const rolesNow = user.role === next.role ? {} : { from: user.role, to: next.role }
    const names = user.name === next.name ? {} : { before: user.name }
    tx.audit(action, { kind: 'user', id }, { name: next.name, ...names, ...rolesNow })
    emitUser(tx, id)
    tx.afterCommit(() => forget(ctx.platform, { userId: id }))
    return presentUser({ ...next, version: user.version + 1 }, will.name)
  })
}
