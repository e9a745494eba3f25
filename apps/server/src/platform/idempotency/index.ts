import type { RouteDefinition } from '@anneal/contract'
import { type Actor, type Context, perPlatform } from '../context.ts'
import { UniqueViolation, fromJson, toJson } from '../db/index.ts'
import { AppError } from '../errors.ts'
import type { RunIdempotently } from '../http/server-options.ts'
import {
  finishIdempotency,
  forgetIdempotency,
  forgetLapsed,
  forgetOld,
  idempotencyByKey,
  insertIdempotency,
} from './idempotency.repo.ts'

export { idempotencyMigrations } from './idempotency.repo.ts'

const keptMs = 24 * 60 * 60 * 1000
/** A first request that has not answered by then will not. */
const answeredMs = 10 * 60 * 1000
const longestKey = 200
const pruneEveryMs = 60 * 60 * 1000

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
  const kept = await claim(ctx, route, names, JSON.stringify(input))
  if (kept) return fromJson<unknown>(kept.reply)
  const { db, log } = ctx.platform
  let result: unknown
  try {
    result = await run()
  } catch (error) {
    /* What failed may be tried again under the same key. */
    await db
      .transaction((tx) => tx.run(forgetIdempotency, names))
      .catch((cause: unknown) => log.warn('a failed write still holds its key', { error: cause }))
    throw error
  }
  try {
    const reply = route.secretReply ? null : toJson(result ?? null)
    await db.transaction((tx) => tx.run(finishIdempotency, { ...names, state: 'done', reply }))
  } catch (error) {
    /* It is done: its key stays taken, so that a repeat is refused and not run. */
    log.error('the reply of a write could not be kept', { error, requestId: ctx.requestId })
  }
  return result
}

/** When each server last removed what is kept no longer. */
const pruned = perPlatform(() => ({ at: 0 }))

async function prune(ctx: Context, now: number): Promise<void> {
  const last = pruned(ctx.platform)
  if (now - last.at < pruneEveryMs) return
  last.at = now
  try {
    await ctx.platform.db.transaction((tx) => tx.run(forgetOld, { kept: now - keptMs }))
  } catch (error) {
    ctx.platform.log.warn('old replies could not be removed', { error })
  }
}

/** The kept reply, or null where this request is the first and is to be run. */
async function claim(
  ctx: Context,
  route: RouteDefinition,
  names: Names,
  body: string,
): Promise<{ reply: string } | null> {
  const { db, clock, secrets } = ctx.platform
  const now = clock.now()
  await prune(ctx, now)
  try {
    await db.transaction(async (tx) => {
      await tx.run(forgetLapsed, { ...names, kept: now - keptMs, answered: now - answeredMs })
      await tx.run(insertIdempotency, {
        ...names,
        /* A body may hold a password: a plain hash of it could be guessed back. */
        body_hash: secrets.fingerprint(body),
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
  if (row && !secrets.isFingerprint(body, row.body_hash)) throw new AppError('platform.idempotency-mismatch')
  if (!row || row.state === 'running') throw new AppError('platform.idempotency-running')
  if (route.secretReply || row.reply === null) throw new AppError('platform.idempotency-secret')
  return { reply: row.reply }
}
