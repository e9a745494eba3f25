import type { Context } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import type { WriteTx } from '../../platform/write.ts'
import type { SessionRow, UserRow } from './auth.tables.ts'
import { forget } from './ended.ts'
import type { Factor, SignInWay } from './factors/factors.tables.ts'
import { hashToken, randomToken } from './random-token.ts'
import { endSessionRow, insertRefreshToken, insertSession, openSessionIds } from './sessions.repo.ts'
import { userSeen } from './users.repo.ts'

const day = 86_400_000
/** A session ends this long after its last refresh, and in any case this long after its sign-in. */
export const sessionIdle = 30 * day
export const sessionLongest = 180 * day

export interface Device {
  userAgent: string | null
}

/** The context of a request whose sender has just been found to be this user; for the audit. */
export function asUser(ctx: Context, user: UserRow, sessionId: string): Context {
  return {
    ...ctx,
    actor: {
      kind: 'user',
      userId: user.id,
      name: user.name,
      role: user.role,
      permissions: new Set(),
      groupIds: [],
      sessionId,
    },
  }
}

/** The session's user hears of it, and whoever manages users. */
function emitSession(tx: WriteTx, id: string, userId: string, change: 'created' | 'deleted'): void {
  tx.emit({
    kind: 'session',
    id,
    change,
    ownerId: userId,
    visibility: 'permission',
    permission: 'users.manage',
  })
}

/** Starts a session within the caller's transaction, audited; gives its first refresh token. */
export async function insertSessionFor(
  ctx: Context,
  tx: WriteTx,
  user: UserRow,
  session: { id: string; device: Device; way: SignInWay; factor?: Factor | null },
): Promise<string> {
  const now = ctx.platform.clock.now()
  const token = randomToken()
  await tx.run(insertSession, {
    id: session.id,
    user_id: user.id,
    user_agent: session.device.userAgent?.slice(0, 300) ?? null,
    address: ctx.address?.slice(0, 64) ?? null,
    created_at: now,
    last_seen_at: now,
    expires_at: now + sessionIdle,
    ended_at: null,
    proved_at: now,
    way: session.way,
    factor: session.factor ?? null,
  })
  await tx.run(insertRefreshToken, { hash: hashToken(token), sessionId: session.id, now })
  await tx.run(userSeen, { id: user.id, now })
  tx.audit(
    'session.started',
    { kind: 'session', id: session.id },
    { way: session.way, ...(session.factor ? { factor: session.factor } : {}) },
  )
  emitSession(tx, session.id, user.id, 'created')
  return token
}

export const newSessionId = newId

/** Ends a session within the caller's transaction: at once here, within two seconds on other servers. */
export async function endSessionIn(
  ctx: Context,
  tx: WriteTx,
  session: SessionRow,
  action: 'session.ended' | 'session.reuse-detected' | 'session.factor-needed',
): Promise<void> {
  await tx.run(endSessionRow, { id: session.id, now: ctx.platform.clock.now() })
  tx.audit(action, { kind: 'session', id: session.id })
  emitSession(tx, session.id, session.user_id, 'deleted')
  tx.afterCommit(() => forget(ctx.platform, { sessionId: session.id }))
}

/** Ends a user's sessions within the caller's transaction, but for one; says how many. The caller audits. */
export async function endSessionsIn(
  ctx: Context,
  tx: WriteTx,
  userId: string,
  except?: string,
): Promise<number> {
  const now = ctx.platform.clock.now()
  let ended = 0
  for (const { id } of await tx.all(openSessionIds, { userId })) {
    if (id === except) continue
    const { changes } = await tx.run(endSessionRow, { id, now })
    ended += changes
    emitSession(tx, id, userId, 'deleted')
    tx.afterCommit(() => forget(ctx.platform, { sessionId: id }))
  }
  return ended
}
