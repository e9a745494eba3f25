import { createHash } from 'node:crypto'
import type { RouteDefinition } from '@anneal/contract'
import type { Actor, Context } from '../context.ts'
import { UniqueViolation, fromJson, toJson } from '../db/index.ts'
import { AppError } from '../errors.ts'
import type { RunIdempotently } from '../http/server-options.ts'
import {
  finishIdempotency,
  forgetIdempotency,
  forgetOld,
  idempotencyByKey,
  insertIdempotency,
} from './idempotency.repo.ts'

export { idempotencyMigrations } from './idempotency.repo.ts'

const keptMs = 24 * 60 * 60 * 1000
/** A first request that has not answered by then will not. */
const answeredMs = 10 * 60 * 1000
const longestKey = 200

function actorKey(actor: Actor): string {
  if (actor.kind === 'user' || actor.kind === 'key') return actor.userId
  return actor.kind
}

interface Names {
  actor_id: string
  route: string
  idempotency_key: string
}

/** Runs a write once for each `Idempotency-Key`; later ones get the first's reply, for a day. */
export const runIdempotently: RunIdempotently = async (ctx, route, key, input, run) => {
  if (key === '' || key.length > longestKey) {
    throw new AppError(
      'platform.invalid-input',
      {},
      { fields: [{ pointer: '/headers/idempotency-key', code: 'wrong-format' }] },
    )
  }
  const names = { actor_id: actorKey(ctx.actor), route: ctx.route ?? route.path, idempotency_key: key }
  const bodyHash = createHash('sha256').update(JSON.stringify(input)).digest('hex')
  const kept = await claim(ctx, route, names, bodyHash)
  if (kept) return fromJson<unknown>(kept.reply)
  try {
    const result = await run()
    const reply = route.secretReply ? null : toJson(result ?? null)
    await ctx.platform.db.transaction((tx) => tx.run(finishIdempotency, { ...names, state: 'done', reply }))
    return result
  } catch (error) {
    /* What failed may be tried again under the same key. */
    await ctx.platform.db.transaction((tx) => tx.run(forgetIdempotency, names))
    throw error
  }
}

/** The kept reply, or null where this request is the first and is to be run. */
async function claim(
  ctx: Context,
  route: RouteDefinition,
  names: Names,
  bodyHash: string,
): Promise<{ reply: string } | null> {
  const { db, clock } = ctx.platform
  const now = clock.now()
  try {
    await db.transaction(async (tx) => {
      await tx.run(forgetOld, { kept: now - keptMs, answered: now - answeredMs })
      await tx.run(insertIdempotency, {
        ...names,
        body_hash: bodyHash,
        state: 'running',
        reply: null,
        created_at: now,
      })
    })
    return null
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error
  }
  const row = await db.read.first(idempotencyByKey, names)
  if (!row || row.state === 'running') {
    if (row && row.body_hash !== bodyHash) throw new AppError('platform.idempotency-mismatch')
    throw new AppError('platform.idempotency-running')
  }
  if (row.body_hash !== bodyHash) throw new AppError('platform.idempotency-mismatch')
  if (route.secretReply || row.reply === null) throw new AppError('platform.idempotency-secret')
  return { reply: row.reply }
}
