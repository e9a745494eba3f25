import { describe, expect, test } from 'vitest'
import { sparkPath } from './spark-path.ts'

describe('sparkPath', () => {
  test('runs from the lowest to the highest value', () => {
    expect(sparkPath([1, 3, 2], 20, 10)).toBe('M0 10L10 0L20 5')
  })

  test('is broken where nothing is known, and a lone value is a dot', () => {
    expect(sparkPath([1, 2, null, 3, null], 40, 10)).toBe('M0 10L10 5M30 0L30 0')
  })

  test('lies in the middle where all are equal, and is empty without any', () => {
    expect(sparkPath([5, 5], 10, 10)).toBe('M0 5L10 5')
    expect(sparkPath([null, null], 10, 10)).toBe('')
  })
})
