import { AppError } from '../../platform/errors.ts'

interface Entry {
  failures: number
  last: number
  blockedUntil: number
}

export interface ThrottleOptions {
  /** Failures that cost nothing. */
  free: number
  /** Longest delay in milliseconds. */
  longest: number
  /** Milliseconds without a failure after which all is forgotten. */
  forget: number
}

const mostEntries = 50_000

/** Failures by key with a delay that doubles; in memory, so each server counts for itself. */
export class Throttle {
  readonly #options: ThrottleOptions
  readonly #entries = new Map<string, Entry>()

  constructor(options: ThrottleOptions) {
    this.#options = options
  }

  /** Milliseconds until this key may try again; 0: now. */
  wait(key: string, now: number): number {
    const entry = this.#entries.get(key)
    return entry ? Math.max(0, entry.blockedUntil - now) : 0
  }

  /** Counts an attempt as failed, before its outcome is known, so that guesses sent at once are counted too. */
  fail(key: string, now: number): void {
    const { free, longest, forget } = this.#options
    const known = this.#entries.get(key)
    const failures = known && now - known.last < forget ? known.failures + 1 : 1
    const delay = failures > free ? Math.min(longest, 1000 * 2 ** (failures - free - 1)) : 0
    this.#entries.delete(key)
    this.#entries.set(key, { failures, last: now, blockedUntil: now + delay })
    if (this.#entries.size > mostEntries) this.#dropOldest()
  }

  /** Takes one counted failure back: the attempt was good. */
  succeed(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    entry.failures -= 1
    entry.blockedUntil = 0
    if (entry.failures <= 0) this.#entries.delete(key)
  }

  forget(key: string): void {
    this.#entries.delete(key)
  }

  #dropOldest(): void {
    const oldest = this.#entries.keys().next()
    if (!oldest.done) this.#entries.delete(oldest.value)
  }
}

/** Sign-in attempts by account and by address. */
export class SignInThrottle {
  readonly #accounts = new Throttle({ free: 8, longest: 300_000, forget: 900_000 })
  readonly #addresses = new Throttle({ free: 100, longest: 60_000, forget: 900_000 })

  /**
   * Before a password is looked at; counts the attempt.
   * @throws AppError `auth.throttled` with the seconds to wait.
   */
  enter(mailKey: string, address: string, now: number): void {
    const wait = Math.max(this.#accounts.wait(mailKey, now), this.#addresses.wait(address, now))
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000)
      throw new AppError('auth.throttled', { seconds }, { retryAfter: seconds })
    }
    this.#accounts.fail(mailKey, now)
    this.#addresses.fail(address, now)
  }

  succeed(mailKey: string, address: string): void {
    this.#accounts.forget(mailKey)
    this.#addresses.succeed(address)
  }
}
