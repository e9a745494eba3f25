import { expect, test } from 'vitest'
import { recentRestarts, restartDelay } from './deployment-state.ts'

test('each crash within ten minutes doubles the pause, and the sixth ends it', () => {
  const now = 1_000_000_000
  const times: number[] = []
  const delays: (number | null)[] = []
  for (let crash = 0; crash < 6; crash += 1) {
    delays.push(restartDelay(times, now + crash * 30_000))
    times.push(now + crash * 30_000)
  }
  expect(delays).toEqual([1000, 2000, 4000, 8000, 16_000, null])
})

test('what lies longer back is forgotten', () => {
  const now = 1_000_000_000
  const long = now - 11 * 60_000
  expect(restartDelay([long, long, long, long, long, now - 1000], now)).toBe(2000)
  expect(recentRestarts([long, now - 1000], now)).toEqual([now - 1000])
})
