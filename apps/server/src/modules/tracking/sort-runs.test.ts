import { expect, test } from 'vitest'
import { sortRuns } from './sort-runs.ts'

const ids = ['a', 'b', 'c', 'd']

test('what has no value comes last in both directions', () => {
  expect(sortRuns(ids, [2, null, 3, 1], 'up')).toEqual(['d', 'a', 'c', 'b'])
  expect(sortRuns(ids, [2, null, 3, 1], 'down')).toEqual(['c', 'a', 'd', 'b'])
})

test('ties keep their order, texts count their numbers, and numbers come before texts', () => {
  expect(sortRuns(ids, [1, 1, 0, 1], 'down')).toEqual(['a', 'b', 'd', 'c'])
  expect(sortRuns(ids, ['run 10', 'run 9', 'Run 8', 4], 'up')).toEqual(['d', 'c', 'b', 'a'])
})
