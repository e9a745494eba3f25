import { describe, expect, test } from 'vitest'
import { callCost } from './call-cost.ts'

const price = {
  currency: 'USD',
  inputMicros: 1_250_000,
  cachedInputMicros: 125_000,
  outputMicros: 10_000_000,
}
const tokens = { inputTokens: 1000, cachedInputTokens: null, outputTokens: 500 }

describe('callCost', () => {
  test('input and output by their prices', () => {
    expect(callCost(price, tokens)).toEqual({ costMicros: 1250 + 5000, currency: 'USD' })
  })

  test('cached input is cheaper, where the price says so', () => {
    expect(callCost(price, { ...tokens, cachedInputTokens: 800 }).costMicros).toBe(250 + 100 + 5000)
    const plain = { ...price, cachedInputMicros: null }
    expect(callCost(plain, { ...tokens, cachedInputTokens: 800 }).costMicros).toBe(6250)
  })

  test('more cached than input counts as all of it', () => {
    const odd = { inputTokens: 100, cachedInputTokens: 900, outputTokens: 0 }
    expect(callCost(price, odd).costMicros).toBe(13)
  })

  test('rounds half up once, over the sum', () => {
    const half = { currency: 'EUR', inputMicros: 500_000, cachedInputMicros: null, outputMicros: 250_000 }
    expect(callCost(half, { inputTokens: 1, cachedInputTokens: null, outputTokens: 0 }).costMicros).toBe(1)
    expect(callCost(half, { inputTokens: 0, cachedInputTokens: null, outputTokens: 1 }).costMicros).toBe(0)
    expect(callCost(half, { inputTokens: 1, cachedInputTokens: null, outputTokens: 1 }).costMicros).toBe(1)
    expect(callCost(half, { inputTokens: 2, cachedInputTokens: null, outputTokens: 2 }).costMicros).toBe(2)
  })

  test('large products lose nothing', () => {
    const dear = { currency: 'JPY', inputMicros: 9_999_999_999_999, cachedInputMicros: null, outputMicros: 1 }
    const many = { inputTokens: 300_000_001, cachedInputTokens: null, outputTokens: 1 }
    expect(callCost(dear, many).costMicros).toBe(3_000_000_009_999_700)
  })

  test('a price of zero is a cost of zero, an unknown one is none', () => {
    const free = { currency: 'USD', inputMicros: 0, cachedInputMicros: null, outputMicros: 0 }
    expect(callCost(free, tokens)).toEqual({ costMicros: 0, currency: 'USD' })
    expect(callCost(null, tokens)).toEqual({ costMicros: null, currency: null })
  })

  test('without any count there is no cost; with one of them there is', () => {
    const none = { inputTokens: null, cachedInputTokens: null, outputTokens: null }
    expect(callCost(price, none)).toEqual({ costMicros: null, currency: null })
    expect(callCost(price, { ...none, outputTokens: 1 }).costMicros).toBe(10)
  })
})
