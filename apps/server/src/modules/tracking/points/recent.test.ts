import { expect, test } from 'vitest'
import { RecentBatches } from './recent.ts'

const batch = (number: number, steps: number[], value = number) => ({
  after: number - 1,
  number,
  points: [{ key: 'a', step: steps, value: steps.map(() => value), time: steps }],
  lines: false,
})

test('batches that are told out of order are one whole, and the newest value of a step counts', () => {
  const recent = new RecentBatches()
  for (const number of [3, 1, 2, 3]) recent.add('run', batch(number, [number, 10]))
  expect(recent.newest('run')).toBe(3)
  const series = [{ key: 'a', step: [1, 2, 3, 10], value: [1, 2, 3, 3], time: [1, 2, 3, 10] }]
  expect(recent.after('run', 0)).toEqual({ number: 3, series, lines: false })
  expect(recent.after('run', 2)?.series[0]?.step).toEqual([3, 10])
  expect(recent.after('run', 3)).toBeNull()
  expect(recent.after('other', 0)).toBeNull()
})

test('a batch that is missing in between makes the rest unknown, until one spans it', () => {
  const recent = new RecentBatches()
  recent.add('run', batch(1, [1]))
  recent.add('run', batch(3, [3]))
  expect(recent.after('run', 0)).toBeNull()
  expect(recent.after('run', 2)?.number).toBe(3)
  recent.add('run', { ...batch(4, [2, 3, 4]), after: 1 })
  expect(recent.after('run', 1)?.series[0]?.step).toEqual([2, 3, 4])
  expect(recent.after('run', 0)?.number).toBe(4)
})

test('of very many points the oldest are let go, of the run that was heard of least lately first', () => {
  const recent = new RecentBatches()
  recent.add('quiet', batch(1, [1]))
  const many = Array.from({ length: 50_000 }, (_, step) => step)
  for (let number = 1; number <= 6; number++) recent.add('busy', batch(number, many))
  expect(recent.after('quiet', 0)).toBeNull()
  expect(recent.after('busy', 0)).toBeNull()
  expect(recent.after('busy', 5)?.series[0]?.step).toHaveLength(50_000)
})
