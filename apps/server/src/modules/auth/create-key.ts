import type { KeyScope, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { toJson } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { write } from '../../platform/write.ts'
import type { ApiKeyRow } from './auth.tables.ts'
import { actorUserId } from './can.ts'
import { insertKey } from './keys.repo.ts'
import { presentKey } from './present.ts'
import { hashToken, randomKey } from './random-token.ts'

export interface CreateKeyInput {
  name: string
  scopes: readonly KeyScope[]
  /** RFC 3339; null: never. */
  expiresAt: string | null
}

/** Makes a key for a user; the key itself is in the result and nowhere else. */
export async function createKeyOf(
  ctx: Context,
  userId: string,
  input: CreateKeyInput,
): Promise<{ row: ApiKeyRow; key: string }> {
  const key = randomKey()
  const row: ApiKeyRow = {
    id: newId(),
    user_id: userId,
    name: input.name,
    hash: hashToken(key),
    ending: key.slice(-4),
    scopes: toJson([...new Set(input.scopes)]),
    created_at: ctx.platform.clock.now(),
    expires_at: input.expiresAt === null ? null : Date.parse(input.expiresAt),
    last_used_at: null,
    ended_at: null,
    training_run_id: null,
  }
  await write(ctx, async (tx) => {
    await tx.run(insertKey, row)
    tx.audit('key.created', { kind: 'api-key', id: row.id }, { name: row.name, scopes: input.scopes, userId })
    tx.emit({ kind: 'api-key', id: row.id, change: 'created', ownerId: userId, visibility: 'private' })
  })
  return { row, key }
}

/** Makes a key of the actor's own, who is signed in: no key makes another. */
export async function createKey(ctx: Context, input: CreateKeyInput): Promise<RouteReply<'auth.createKey'>> {
  const { row, key } = await createKeyOf(ctx, actorUserId(ctx.actor), input)
  return { ...presentKey(row), key }
}
