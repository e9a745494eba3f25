import { expect, test } from 'vitest'
import { gridOf, labelEvery } from './stacked-bars.ts'

test.each([
  [0, [0]],
  [1, [0, 0.25, 0.5, 0.75, 1]],
  [310, [0, 100, 200, 300, 400]],
  [9, [0, 2.5, 5, 7.5, 10]],
  [0.004, [0, 0.001, 0.002, 0.003, 0.004]],
])('a grid that holds %d', (most, lines) => {
  expect(gridOf(most).map((line) => Number(line.toPrecision(6)))).toEqual(lines)
})

test('no more labels than there is room for', () => {
  expect(labelEvery(7, 700, 50)).toBe(1)
  expect(labelEvery(30, 700, 50)).toBe(3)
  expect(labelEvery(0, 700, 50)).toBe(1)
})
