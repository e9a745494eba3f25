import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuthPlatform } from './auth.testing.ts'
import { openAuthPlatform, testDialects } from './auth.testing.ts'
import type { Attempt } from './throttle.ts'
import { attemptSucceeded, attemptsLast, delayAfter, enterAttempt } from './throttle.ts'

test('the delay begins after the free failures, doubles and has an end', () => {
  const waits = [0, 1, 2, 3, 4, 5, 6, 7, 2000].map((count) => delayAfter(count, { free: 2, longest: 5000 }))
  expect(waits).toEqual([0, 0, 0, 1000, 2000, 4000, 5000, 5000, 5000])
})

describe.each(testDialects)('throttling on %s', (dialect) => {
  let opened: AuthPlatform
  let second: AuthPlatform | null = null
  beforeAll(async () => {
    opened = await openAuthPlatform(dialect)
    if (dialect !== 'sqlite') second = await opened.secondServer()
  })
  afterAll(async () => {
    await second?.close()
    await opened.close()
  })

  const enter = (attempts: readonly Attempt[], at = opened) =>
    enterAttempt(at.platform, attempts).then(
      () => 'in',
      (error: { code?: string; retryAfter?: number }) => `${error.code} ${error.retryAfter}`,
    )
  const succeed = (attempts: readonly Attempt[]) =>
    opened.platform.db.transaction((tx) => attemptSucceeded(tx, attempts))

  test('guesses sent at once are counted before any of them is answered, on all servers together', async () => {
    const attempts: Attempt[] = [['account', 'storm@example.com']]
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, at) => enter(attempts, at % 2 && second ? second : opened)),
    )
    expect(all.filter((one) => one === 'in')).toHaveLength(9)
    for (const one of all) expect(one).toMatch(/^in$|^auth.throttled [12]$/)
  })

  test('after a quiet while the count begins anew', async () => {
    const attempts: Attempt[] = [['factor', 'somebody']]
    for (let count = 0; count < 6; count += 1) expect(await enter(attempts)).toBe('in')
    expect(await enter(attempts)).toBe('auth.throttled 1')
    opened.passTime(attemptsLast + 1001)
    for (let count = 0; count < 6; count += 1) expect(await enter(attempts)).toBe('in')
    expect(await enter(attempts)).toBe('auth.throttled 1')
  })

  test('good sign-ins of many people behind one address are not throttled', async () => {
    for (let person = 0; person < 120; person += 1) {
      const attempts: Attempt[] = [
        ['address', '10.0.0.1'],
        ['account', `p${person}@example.com`],
      ]
      expect(await enter(attempts)).toBe('in')
      await succeed(attempts)
    }
    expect(await enter([['address', '10.0.0.1']])).toBe('in')
  })

  test('one address that tries many accounts is slowed down, others are not', async () => {
    for (let person = 0; person <= 100; person += 1)
      await enter([
        ['address', '10.0.0.2'],
        ['account', `q${person}@example.com`],
      ])
    expect(await enter([['address', '10.0.0.2']])).toBe('auth.throttled 1')
    expect(await enter([['address', '10.0.0.3']])).toBe('in')
  })
})
