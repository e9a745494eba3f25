import type { Actor, Platform } from '../context.ts'
import { AppError } from '../errors.ts'
import type { Authority, Ended } from '../http/module.ts'

const recheckMs = 20_000

interface Holder {
  actor: Actor
  authorization: string
  lost(code: string): void
  changed(): void
}

export interface AccessHold {
  readonly actor: Actor
  /** Takes a newer token of the same person; rejects where it is bad. */
  renew(authorization: string): Promise<void>
  release(): void
}

function concerns(actor: Actor, ended: Ended): boolean {
  if (actor.kind !== 'user' && actor.kind !== 'key') return false
  if ('userId' in ended) return actor.userId === ended.userId
  if ('sessionId' in ended) return actor.kind === 'user' && actor.sessionId === ended.sessionId
  return actor.kind === 'key' && actor.keyId === ended.keyId
}

/** Whether two readings of one person come to the same rights. */
function sameRights(a: Actor, b: Actor): boolean {
  if (!('permissions' in a) || !('permissions' in b)) return a.kind === b.kind
  if (a.userId !== b.userId || a.permissions.size !== b.permissions.size) return false
  if ([...a.permissions].some((permission) => !b.permissions.has(permission))) return false
  return a.groupIds.length === b.groupIds.length && a.groupIds.every((group) => b.groupIds.includes(group))
}

/**
 * Keeps an eye on those who read for longer than a request lasts. Whoever loses access hears of it at once when
 * this or another server ended it, and within 20 s when a token simply ran out.
 */
export class Access {
  readonly #platform: Platform
  readonly #authority: Authority
  readonly #holders = new Set<Holder>()
  readonly #timer: NodeJS.Timeout
  readonly #stopListening: () => void

  constructor(platform: Platform, authority: Authority) {
    this.#platform = platform
    this.#authority = authority
    this.#timer = setInterval(() => {
      for (const holder of this.#holders) void this.#check(holder)
    }, recheckMs)
    this.#timer.unref()
    this.#stopListening = authority.onEnded(platform, (ended) => {
      for (const holder of this.#holders) if (concerns(holder.actor, ended)) void this.#check(holder)
    })
  }

  /** Rejects with an AppError of `auth` where the header lets nobody in. */
  async hold(authorization: string, on: Pick<Holder, 'lost' | 'changed'>): Promise<AccessHold> {
    const actor = await this.#signedIn(authorization)
    const holder: Holder = { actor, authorization, ...on }
    this.#holders.add(holder)
    return {
      get actor() {
        return holder.actor
      },
      renew: async (next) => {
        const renewed = await this.#signedIn(next)
        if (!sameRights(holder.actor, renewed)) return holder.changed()
        Object.assign(holder, { actor: renewed, authorization: next })
      },
      release: () => void this.#holders.delete(holder),
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.#stopListening()
  }

  async #signedIn(authorization: string): Promise<Actor> {
    const actor = await this.#authority.authenticate(this.#platform, authorization)
    if (actor.kind === 'nobody') throw new AppError('auth.unauthenticated')
    // What is heard here is what the routes that read give: a key for something else hears nothing.
    if (actor.kind === 'key' && !actor.scopes.has('api:read')) {
      throw new AppError('auth.scope-missing', { scope: 'api:read' })
    }
    return actor
  }

  async #check(holder: Holder): Promise<void> {
    try {
      const actor = await this.#signedIn(holder.authorization)
      if (!this.#holders.has(holder)) return
      if (sameRights(holder.actor, actor)) holder.actor = actor
      else holder.changed()
    } catch (error) {
      if (!this.#holders.has(holder)) return
      if (error instanceof AppError && error.status < 500) return holder.lost(error.code)
      // A database that is away for a moment ends nobody's session; the next look decides.
      this.#platform.log.warn('a session could not be checked', { error })
    }
  }
}
