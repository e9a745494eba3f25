import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import type { Reader } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import type { WriteTx } from '../../../platform/write.ts'
import type { UserRow } from '../auth.tables.ts'
import { isPersonal, needed } from '../can.ts'
import { forget } from '../ended.ts'
import {
  deletePasskeysOf,
  deleteRecoveryCodes,
  deleteTicketsOf,
  deleteTotp,
} from '../factors/factors.repo.ts'
import { endKeyRow } from '../keys.repo.ts'
import { withdrawByOpenKey } from '../links.repo.ts'
import { passwordKey } from '../one-time-links.ts'
import { presentUser } from '../present.ts'
import { roleFacts } from '../roles/role-facts.ts'
import { endSessionsIn } from '../sessions.ts'
import { withdrawMade } from '../update-user.ts'
import { lockAdministrators, userById } from '../users.repo.ts'
import { enqueueDeletion } from './deletion-job.ts'
import {
  buryUser,
  countOwned,
  deleteAvatarsOf,
  deleteGrantsTo,
  deleteIdentitiesOfUser,
  deleteMemberships,
  insertDeletion,
  openKeyIds,
  ownedKinds,
} from './owned.repo.ts'

export type Deletion = RouteReply<'people.deletion'>

export interface Fate {
  owned: 'hand-over' | 'remove'
  to?: string | undefined
}

/** Nobody may be left without someone who governs. */
export async function requireAnother(tx: WriteTx, user: UserRow): Promise<void> {
  const administrators = await tx.all(lockAdministrators, {})
  const governs = user.role === 'administrator' && user.kind === 'person' && user.disabled_at === null
  if (governs && administrators.every(({ id }) => id === user.id))
    throw new AppError('auth.last-administrator')
}

/**
 * Who gets what is handed over.
 * @throws AppError `people.heir-needed`, `auth.user-not-found`, `access.owner-cannot`.
 */
export async function requireHeir(
  reader: Reader,
  user: UserRow,
  { owned, to }: Fate,
  fallback: string,
): Promise<string> {
  if (owned === 'remove') return fallback
  if (to === undefined || to === user.id) throw new AppError('people.heir-needed')
  const heir = await reader.first(userById, { id: to })
  if (!heir || heir.disabled_at !== null) throw new AppError('auth.user-not-found')
  const { permissions } = await roleFacts(reader, heir.role)
  for (const kind of ownedKinds) {
    if (isPersonal(kind) || permissions.has(needed[kind].change)) continue
    if ((await countOwned(reader, kind, user.id)) > 0)
      throw new AppError('access.owner-cannot', { name: heir.name })
  }
  return heir.id
}

async function endEverything(ctx: Context, tx: WriteTx, userId: string): Promise<number> {
  const now = ctx.platform.clock.now()
  const ended = await endSessionsIn(ctx, tx, userId)
  for (const { id } of await tx.all(openKeyIds, { userId })) {
    await tx.run(endKeyRow, { id, now })
    tx.emit({ kind: 'api-key', id, change: 'deleted', ownerId: userId, visibility: 'private' })
    tx.afterCommit(() => forget(ctx.platform, { keyId: id }))
  }
  await tx.run(withdrawByOpenKey, { key: passwordKey(userId), now })
  await withdrawMade(ctx, tx, userId)
  for (const remove of [deleteTotp, deletePasskeysOf, deleteRecoveryCodes, deleteTicketsOf])
    await tx.run(remove, { userId })
  for (const remove of [deleteIdentitiesOfUser, deleteMemberships, deleteGrantsTo, deleteAvatarsOf])
    await tx.run(remove, { userId })
  return ended
}

/**
 * Takes a user out of everything within the caller's transaction: no session, key, factor or right is left, and the
 * address is free again. The row keeps the name, for the audit and the usage. What they own is moved by a job.
 * @throws AppError `platform.stale-version`.
 */
export async function buryIn(
  ctx: Context,
  tx: WriteTx,
  user: UserRow,
  fate: { version: number; owned: Fate['owned']; heirId: string },
): Promise<Deletion> {
  const { id } = user
  const now = ctx.platform.clock.now()
  const grave = { id, version: fate.version, mail: '', mail_key: `deleted:${id}`, role: 'viewer' }
  const { changes } = await tx.run(buryUser, {
    ...grave,
    kind: 'deleted',
    disabled_at: user.disabled_at ?? now,
    updated_at: now,
  })
  if (changes === 0) {
    const current = presentUser(user, (await roleFacts(tx, user.role)).name)
    throw new AppError('platform.stale-version', {}, { current })
  }
  let total = 0
  for (const kind of ownedKinds) total += await countOwned(tx, kind, id)
  const ended = await endEverything(ctx, tx, id)
  const { owned, heirId } = fate
  const row = { state: 'running' as const, done: 0, total, kept: 0 }
  await tx.run(insertDeletion, { user_id: id, owned, heir_id: heirId, created_at: now, ...row })
  await enqueueDeletion(ctx, tx, id)
  tx.audit(
    'user.deleted',
    { kind: 'user', id },
    { name: user.name, email: user.mail, owned, things: total, ended },
  )
  tx.emit({
    kind: 'user',
    id,
    change: 'deleted',
    ownerId: id,
    visibility: 'permission',
    permission: 'users.read',
  })
  tx.afterCommit(() => forget(ctx.platform, { userId: id }))
  return row
}
