import type { Platform } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { attemptById, blockAttempts, countAttempt, forgetAttempts, forgiveAttempt } from './throttle.repo.ts'

export interface Limit {
  /** Failures that cost nothing. */
  free: number
  /** Longest delay in milliseconds. */
  longest: number
  /** Milliseconds without a failure after which all is forgotten; a quarter of an hour where absent. */
  forget?: number
}

export const attemptsLast = 900_000
type Kind = 'account' | 'address' | 'factor' | 'mail' | 'mail-address'

/** What is older than this says nothing of any kind. */
export const oldestAttempt = 3_600_000
const limits: Record<Kind, Limit> = {
  /** Of passwords for one address of mail, whether it has an account or not. */
  account: { free: 8, longest: 300_000 },
  /** Of whatever comes from one address. */
  address: { free: 100, longest: 60_000 },
  /** Of second factors of one person, over all their sign-ins. */
  factor: { free: 5, longest: 300_000 },
  /** Of mails that strangers ask for: a few to one address, some from one place. */
  mail: { free: 3, longest: 900_000, forget: oldestAttempt },
  'mail-address': { free: 20, longest: 900_000, forget: oldestAttempt },
}

/** What is guessed at: `['account', mail]`, `['address', where from]`, `['factor', user id]`. */
export type Attempt = readonly [kind: Kind, of: string]

const idOf = ([kind, of]: Attempt) => `${kind}:${of.slice(0, 280)}`

/** How long whoever failed so often waits: it doubles each time. */
export function delayAfter(failures: number, { free, longest }: Limit): number {
  return failures > free ? Math.min(longest, 1000 * 2 ** Math.min(30, failures - free - 1)) : 0
}

function refuse(until: number, now: number): void {
  if (until <= now) return
  const seconds = Math.ceil((until - now) / 1000)
  throw new AppError('auth.throttled', { seconds }, { retryAfter: seconds })
}

/**
 * Counts an attempt as failed before its outcome is known, so that guesses sent at once are counted too, on whichever
 * server of this database. Who has to wait is told so without a write.
 * @throws AppError `auth.throttled` with the seconds to wait.
 */
export async function enterAttempt(platform: Platform, attempts: readonly Attempt[]): Promise<void> {
  const now = platform.clock.now()
  for (const attempt of attempts) {
    const row = await platform.db.read.first(attemptById, { id: idOf(attempt) })
    refuse(Number(row?.blocked_until ?? 0), now)
  }
  await platform.db.transaction(async (tx) => {
    for (const attempt of attempts) {
      const id = idOf(attempt)
      const limit = limits[attempt[0]]
      await tx.run(countAttempt, { id, now, quietSince: now - (limit.forget ?? attemptsLast) })
      const row = await tx.first(attemptById, { id })
      refuse(Number(row?.blocked_until ?? 0), now)
      const delay = delayAfter(Number(row?.failures ?? 1), limit)
      if (delay > 0) await tx.run(blockAttempts, { id, until: now + delay })
    }
  })
}

/** The attempt was good: an account's or person's failures are forgotten, an address' is one fewer. */
export async function attemptSucceeded(tx: Tx, attempts: readonly Attempt[]): Promise<void> {
  for (const attempt of attempts)
    await tx.run(attempt[0] === 'address' ? forgiveAttempt : forgetAttempts, { id: idOf(attempt) })
}
