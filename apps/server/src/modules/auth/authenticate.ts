import type { KeyScope, Permission } from '@anneal/contract'
import type { Actor, Context, KeyActor, Platform, UserActor } from '../../platform/context.ts'
import { fromJson } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import type { ApiKeyRow } from './auth.tables.ts'
import type { CachedKey, CachedSession } from './ended.ts'
import { remembered } from './ended.ts'
import { keyByHash, keyUsed } from './keys.repo.ts'
import type { Person } from './persons.ts'
import { personOf } from './persons.ts'
import { hashToken } from './random-token.ts'
import { sessionById } from './sessions.repo.ts'
import { verifyAccessToken } from './signing-keys.ts'
import { userById } from './users.repo.ts'

const keyShape = /^[A-Za-z0-9]{21}$/
const useWrittenEvery = 60_000
const runPermissions: readonly Permission[] = ['tracking.read', 'tracking.write']

async function loadSession(platform: Platform, sessionId: string) {
  const { read } = platform.db
  const session = await read.first(sessionById, { id: sessionId })
  const user = session && (await read.first(userById, { id: session.user_id }))
  if (!session || !user) return null
  const value: CachedSession =
    session.ended_at !== null || user.disabled_at !== null
      ? { ended: true }
      : { ended: false, actor: { kind: 'user', ...(await personOf(read, user)), sessionId } }
  return { userId: user.id, value }
}

async function authenticateToken(platform: Platform, token: string): Promise<UserActor> {
  const { sid } = await verifyAccessToken(platform, token)
  const { sessions } = remembered(platform)
  const session = sessions.get(sid) ?? (await sessions.getOrLoad(sid, () => loadSession(platform, sid)))
  if (!session || session.ended) throw new AppError('auth.session-ended')
  return session.actor
}

/** A training run's key logs points, whatever else its owner may do. */
function withinRun(person: Person): Person {
  const permissions = new Set(runPermissions.filter((one) => person.permissions.has(one)))
  return { ...person, permissions }
}

async function loadKey(platform: Platform, hash: string) {
  const { read } = platform.db
  const row: ApiKeyRow | undefined = await read.first(keyByHash, { hash })
  const user = row && (await read.first(userById, { id: row.user_id }))
  if (!row || !user || row.ended_at !== null || user.disabled_at !== null) return null
  const person = await personOf(read, user)
  const actor: KeyActor = {
    kind: 'key',
    ...(row.training_run_id === null ? person : withinRun(person)),
    keyId: row.id,
    scopes: new Set(fromJson<KeyScope[]>(row.scopes)),
    trainingRunId: row.training_run_id,
  }
  const value: CachedKey = { actor, expiresAt: row.expires_at, usedAt: row.last_used_at ?? 0 }
  return { userId: user.id, value }
}

function noteUse(platform: Platform, key: CachedKey, now: number): void {
  if (now - key.usedAt < useWrittenEvery) return
  key.usedAt = now
  platform.db
    .transaction((tx) => tx.run(keyUsed, { id: key.actor.keyId, now }))
    .catch((error: unknown) => platform.log.warn('the last use of a key was not written', { error }))
}

/** The actor of a bare API key; null where it is unknown, has ended or expired, or its owner is disabled. */
export async function authenticateKey(platform: Platform, bareKey: string): Promise<KeyActor | null> {
  return keyShape.test(bareKey) ? keyActorByHash(platform, hashToken(bareKey)) : null
}

/** The same by the key's hash, for a session that was opened with the key and keeps nothing else of it. */
export async function keyActorByHash(platform: Platform, hash: string): Promise<KeyActor | null> {
  const { keys } = remembered(platform)
  const key = keys.get(hash) ?? (await keys.getOrLoad(hash, () => loadKey(platform, hash)))
  const now = platform.clock.now()
  if (!key || (key.expiresAt !== null && key.expiresAt <= now)) return null
  noteUse(platform, key, now)
  return key.actor
}

/**
 * Reads an `Authorization` header: `Bearer` with an access token or an API key. Nobody without a header.
 * @throws AppError `auth.unauthenticated`, `auth.token-expired`, `auth.session-ended`.
 */
export async function authenticate(platform: Platform, authorization: string | null): Promise<Actor> {
  if (authorization === null) return { kind: 'nobody' }
  const bearer = /^Bearer ([^\s]+)$/i.exec(authorization)?.[1]
  if (!bearer) throw new AppError('auth.unauthenticated')
  if (!keyShape.test(bearer)) return authenticateToken(platform, bearer)
  const actor = await authenticateKey(platform, bearer)
  if (!actor) throw new AppError('auth.unauthenticated')
  return actor
}

/**
 * Acts for a user in background work, with that user's present rights.
 * @throws AppError `auth.unauthenticated` where the user is gone or disabled.
 */
export async function contextForUser(platform: Platform, userId: string): Promise<Context> {
  const { read } = platform.db
  const user = await read.first(userById, { id: userId })
  if (!user || user.disabled_at !== null) throw new AppError('auth.unauthenticated')
  return {
    platform,
    actor: { kind: 'user', ...(await personOf(read, user)), sessionId: 'background' },
    requestId: `for-${userId}`,
    address: null,
    language: user.language ?? 'en',
    route: null,
  }
}
