import { expect, test } from 'vitest'
import { asCount } from './json.ts'

test.each([
  [0, 0],
  [12, 12],
  [12.4, 12],
  [1e15, 2 ** 29],
  [-1, undefined],
  [Number.NaN, undefined],
  [Number.POSITIVE_INFINITY, undefined],
  ['12', undefined],
  [null, undefined],
])('the count %s is taken as %s', (said, taken) => {
  expect(asCount(said)).toBe(taken)
})
