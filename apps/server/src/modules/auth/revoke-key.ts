import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { actorUserId } from './can.ts'
import { forget } from './ended.ts'
import { endKeyRow, keyById } from './keys.repo.ts'

/**
 * Ends one of the actor's own keys at once.
 * @throws AppError `auth.key-not-found`, for another's key too.
 */
export async function revokeKey(ctx: Context, id: string): Promise<void> {
  const userId = actorUserId(ctx.actor)
  await write(ctx, async (tx) => {
    const key = await tx.first(keyById, { id })
    const own = key?.user_id === userId && key.training_run_id === null
    const ended = own ? await tx.run(endKeyRow, { id, now: ctx.platform.clock.now() }) : { changes: 0 }
    if (!key || ended.changes === 0) throw new AppError('auth.key-not-found')
    tx.audit('key.revoked', { kind: 'api-key', id }, { name: key.name })
    tx.emit({ kind: 'api-key', id, change: 'deleted', ownerId: userId, visibility: 'private' })
    tx.afterCommit(() => forget(ctx.platform, { keyId: id }))
  })
}
