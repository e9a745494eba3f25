import { describe, expect, test } from 'vitest'
import { microsOf, priceText } from './money-text.ts'

describe('a price as it is typed', () => {
  test.each([
    ['0.28', 280_000],
    ['10', 10_000_000],
    [' 1,25 ', 1_250_000],
    ['0.000001', 1],
    ['1234567.654321', 1_234_567_654_321],
    ['0', 0],
  ])('%s', (text, micros) => {
    expect(microsOf(text)).toBe(micros)
  })

  test.each(['-1', '1.2.3', '0.0000001', 'free', '1e3', '12345678', '.5'])('%s is none', (text) => {
    expect(microsOf(text)).toBeUndefined()
  })

  test('empty is no price', () => {
    expect(microsOf('  ')).toBeNull()
    expect(priceText(null)).toBe('')
  })

  test.each([0, 1, 280_000, 1_250_000, 10_000_000, 1_234_567_654_321])('%d comes back', (micros) => {
    expect(microsOf(priceText(micros))).toBe(micros)
  })
})
