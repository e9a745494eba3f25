import type { Actor, Context, Platform } from '../../../platform/context.ts'
import { perPlatform } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import type { HandlerIo } from '../../../platform/http/index.ts'
import { write } from '../../../platform/write.ts'
import { actorUserId, authenticateKey, hashToken, keyActorByHash, usersByIds } from '../../auth/index.ts'
import { type SessionRow, countDropped, insertSession, markDropped, sessionByHash } from '../tracking.repo.ts'
import { randomBytes } from 'node:crypto'

/** Over seven days ahead, or an SDK logs in before every request; it never logs in again on a 401. */
const sessionMs = 60 * 24 * 60 * 60 * 1000

const known = perPlatform(() => new Map<string, SessionRow>())

interface OpenedSession {
  sid: string
  expiresAt: number
  ctx: Context
}

/** Trades a bare API key for a sid. Sids outlive a restart: a running job would lose its data otherwise. */
async function openSession(ctx: Context, bareKey: string): Promise<OpenedSession> {
  const actor = await authenticateKey(ctx.platform, bareKey)
  if (!actor?.scopes.has('tracking')) throw new AppError('tracking.bad-key')
  const sid = randomBytes(32).toString('base64url')
  const expiresAt = ctx.platform.clock.now() + sessionMs
  await write(
    ctx,
    (tx) =>
      tx
        .run(insertSession, {
          sid_hash: hashToken(sid),
          key_hash: hashToken(bareKey),
          expires_at: expiresAt,
          dropped_at: null,
          dropped_calls: null,
        })
        .then(() => undefined),
    { unaudited: 'the start of a run is audited, its login is not' },
  )
  return { sid, expiresAt, ctx: { ...ctx, actor } }
}

/** The SDK's login: the bare key in the header, the sid in the reply's body (never set as a cookie by the server). */
export async function login(ctx: Context, io: HandlerIo) {
  const opened = await openSession(ctx, (io.headers.authorization ?? '').replace(/^Bearer /i, ''))
  const userId = actorUserId(opened.ctx.actor)
  const user = (await usersByIds(ctx.platform.db.read, [userId])).get(userId)
  return {
    sid: opened.sid,
    expiredAt: new Date(opened.expiresAt).toISOString(),
    userInfo: { username: user?.workspace ?? '', name: user?.name ?? '' },
  }
}

async function sessionOf(platform: Platform, io: HandlerIo): Promise<SessionRow> {
  const sid = io.cookies['sid']
  if (!sid) throw new AppError('tracking.bad-key')
  const hash = hashToken(sid)
  const cache = known(platform)
  const row = cache.get(hash) ?? (await platform.db.read.first(sessionByHash, { sid_hash: hash }))
  if (!row || row.expires_at <= platform.clock.now()) throw new AppError('tracking.bad-key')
  if (cache.size > 10_000) cache.clear()
  cache.set(hash, row)
  return row
}

/** Who asks; 401 for an unknown sid, and for one whose key has ended. */
export async function readerOf(ctx: Context, io: HandlerIo): Promise<Context> {
  const session = await sessionOf(ctx.platform, io)
  const actor = await keyActorByHash(ctx.platform, session.key_hash)
  if (!actor) throw new AppError('tracking.bad-key')
  return { ...ctx, actor }
}

/**
 * Who sends data. Null where the key or its user has ended meanwhile: the call is answered well and its data dropped,
 * since any error would make some SDK send it again for ever.
 */
export async function senderOf(ctx: Context, io: HandlerIo, run?: string): Promise<Context | null> {
  const session = await sessionOf(ctx.platform, io)
  const actor: Actor | null = await keyActorByHash(ctx.platform, session.key_hash)
  if (actor) return { ...ctx, actor }
  noteDropped(ctx.platform, session)
  if (session.dropped_at === null) await sayDropped(ctx, session, run)
  return null
}

/** Dropped calls are counted, and the count is written at most so often. */
const countEveryMs = 5000

const dropped = perPlatform(() => new Map<string, { calls: number; timer: NodeJS.Timeout }>())

function noteDropped(platform: Platform, { sid_hash }: SessionRow): void {
  const waiting = dropped(platform)
  const present = waiting.get(sid_hash)
  if (present) {
    present.calls += 1
    return
  }
  const timer = setTimeout(() => {
    const calls = waiting.get(sid_hash)?.calls ?? 0
    waiting.delete(sid_hash)
    platform.db
      .transaction((tx) => tx.run(countDropped, { sid_hash, calls }))
      .catch((error: unknown) => platform.log.warn('dropped calls were not counted', { error, calls }))
  }, countEveryMs)
  waiting.set(sid_hash, { calls: 1, timer: timer.unref() })
}

async function sayDropped(ctx: Context, session: SessionRow, run: string | undefined): Promise<void> {
  session.dropped_at = ctx.platform.clock.now()
  await write(
    ctx,
    async (tx) => {
      const { changes } = await tx.run(markDropped, {
        sid_hash: session.sid_hash,
        dropped_at: session.dropped_at ?? 0,
      })
      const details = { reason: 'key-ended', ...(run === undefined ? {} : { run }) }
      if (changes > 0) tx.audit('tracking.data-dropped', null, details)
    },
    { unaudited: 'another call of this session has said it' },
  )
}
