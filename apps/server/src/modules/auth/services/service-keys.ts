import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { decodeCursor, toPage } from '../../../platform/cursor.ts'
import { AppError } from '../../../platform/errors.ts'
import { write } from '../../../platform/write.ts'
import type { CreateKeyInput } from '../create-key.ts'
import { createKeyOf } from '../create-key.ts'
import { forget } from '../ended.ts'
import { endKeyRow, keyById, liveKeysBefore } from '../keys.repo.ts'
import { presentKey } from '../present.ts'
import { requireRank } from '../ranks.ts'
import { keptService, knownService } from './service-rights.ts'

/** The live keys of a service account, newest first. */
export async function listServiceKeys(
  ctx: Context,
  id: string,
  query: { cursor?: string | undefined; limit: number },
): Promise<RouteReply<'service.listKeys'>> {
  const { read } = ctx.platform.db
  const account = await knownService(ctx, read, id)
  const rows = await read.all(liveKeysBefore, {
    userId: account.id,
    before: decodeCursor(query.cursor).id,
    limit: query.limit + 1,
  })
  return toPage(rows, query.limit, (row) => ({ at: row.created_at, id: row.id }), presentKey)
}

/**
 * Makes a key that belongs to the account alone. Nobody makes one that may do more than they may themselves.
 * @throws AppError `service.account-not-found`, `service.not-kept`, `auth.role-too-high`.
 */
export async function createServiceKey(
  ctx: Context,
  id: string,
  input: CreateKeyInput,
): Promise<RouteReply<'service.createKey'>> {
  const { read } = ctx.platform.db
  const account = await keptService(ctx, read, id)
  await requireRank(ctx, read, account.role)
  const { row, key } = await createKeyOf(ctx, account.id, input)
  return { ...presentKey(row), key }
}

/**
 * Ends a key of a service account at once.
 * @throws AppError `service.account-not-found`, `service.not-kept`, `auth.key-not-found`.
 */
export async function revokeServiceKey(ctx: Context, id: string, keyId: string): Promise<void> {
  await write(ctx, async (tx) => {
    const account = await keptService(ctx, tx, id)
    const key = await tx.first(keyById, { id: keyId })
    const isOf = key?.user_id === account.id && key.training_run_id === null
    const ended = isOf
      ? await tx.run(endKeyRow, { id: keyId, now: ctx.platform.clock.now() })
      : { changes: 0 }
    if (!key || ended.changes === 0) throw new AppError('auth.key-not-found')
    tx.audit('key.revoked', { kind: 'api-key', id: keyId }, { name: key.name, userId: account.id })
    tx.emit({ kind: 'api-key', id: keyId, change: 'deleted', ownerId: account.id, visibility: 'private' })
    tx.afterCommit(() => forget(ctx.platform, { keyId }))
  })
}
