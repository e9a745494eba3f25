import type { Platform } from '../../platform/context.ts'
import { perPlatform } from '../../platform/context.ts'
import type { KeyActor, UserActor } from '../../platform/context.ts'
import type { ChangeRow } from '../../platform/events/index.ts'
import type { Ended } from '../../platform/http/index.ts'
import { ActorCache } from './actor-cache.ts'

/** A session that has ended is remembered as such, so that its tokens cost no reading until they expire. */
export type CachedSession = { ended: false; actor: UserActor } | { ended: true }

export interface CachedKey {
  actor: KeyActor
  expiresAt: number | null
  /** When the last use was last written down. */
  usedAt: number
}

/** What this server remembers of sessions and keys, and who wants to know of their ends. */
export const remembered = perPlatform(() => ({
  sessions: new ActorCache<CachedSession>(20_000),
  keys: new ActorCache<CachedKey>(20_000),
  listeners: new Set<(ended: Ended) => void>(),
}))

/** Forgets what is remembered of a session, key or user, and tells the listeners. */
export function forget(platform: Platform, ended: Ended): void {
  const { sessions, keys, listeners } = remembered(platform)
  if ('sessionId' in ended) sessions.drop((_entry, key) => key === ended.sessionId)
  else if ('keyId' in ended) keys.drop((entry) => entry.value.actor.keyId === ended.keyId)
  else {
    sessions.drop((entry) => entry.userId === ended.userId)
    keys.drop((entry) => entry.userId === ended.userId)
  }
  for (const listener of listeners) listener(ended)
}

/** A change that may have come from another server: what it makes stale is forgotten. */
export function forgetChanged(platform: Platform, row: Pick<ChangeRow, 'kind' | 'id' | 'change'>): void {
  if (row.kind === 'session' && row.change === 'deleted') forget(platform, { sessionId: row.id })
  if (row.kind === 'api-key' && row.change !== 'created') forget(platform, { keyId: row.id })
  if (row.kind === 'user' && row.change !== 'created') forget(platform, { userId: row.id })
  if (row.kind === 'group' || row.kind === 'role') forgetPeople(platform)
}

/** Forgets what is remembered of everybody, and tells the listeners: what many may do has changed. */
export function forgetPeople(platform: Platform): void {
  const { sessions, keys, listeners } = remembered(platform)
  const userIds = new Set([...sessions.userIds(), ...keys.userIds()])
  sessions.clear()
  keys.clear()
  for (const userId of userIds) for (const listener of listeners) listener({ userId })
}

/** Tells of every ended session, key or user, wherever it was ended; returns a function that ends it. */
export function onEnded(platform: Platform, listener: (ended: Ended) => void): () => void {
  const { listeners } = remembered(platform)
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Listens for changes, by whichever server they were made; returns a function that ends it. */
export function watchEnded(platform: Platform): () => void {
  const stops = ['session', 'api-key', 'user', 'group', 'role'].map((kind) =>
    platform.events.onChange(kind, (row) => forgetChanged(platform, row)),
  )
  return () => stops.forEach((stop) => stop())
}
