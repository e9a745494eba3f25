import { describe, expect, test } from 'vitest'
import type { Answer } from './compare.api.ts'
import { meterScale, shareOf } from './meter-scale.ts'

function answer(meter: Partial<Answer['meter']>, state: Answer['state'] = 'finished'): Answer {
  return { state, meter: { firstTokenMs: null, tokensPerSecond: null, ...meter } } as Answer
}

describe('what panes are measured against', () => {
  test('the fastest and the cheapest are best, the longest is only the longest', () => {
    const scale = meterScale([
      answer({ firstTokenMs: 200, tokensPerSecond: 50, outputTokens: 10, costMicros: 9, currency: 'USD' }),
      answer({ firstTokenMs: 400, tokensPerSecond: 80, outputTokens: 40, costMicros: 3, currency: 'USD' }),
    ])
    expect(shareOf(scale, 'firstTokenMs', 200)).toEqual({ share: 0.5, best: true })
    expect(shareOf(scale, 'tokensPerSecond', 80)).toEqual({ share: 1, best: true })
    expect(shareOf(scale, 'tokensPerSecond', 50)).toEqual({ share: 0.625, best: false })
    expect(shareOf(scale, 'outputTokens', 40)).toEqual({ share: 1, best: false })
    expect(shareOf(scale, 'costMicros', 3).best).toBe(true)
    expect(shareOf(scale, 'costMicros', null)).toEqual({ share: 0, best: false })
  })

  test('nothing is best of one, of equals, or of two currencies', () => {
    const best = (...answers: Answer[]) => meterScale(answers)
    expect(best(answer({ firstTokenMs: 200 })).firstTokenMs.best).toBeNull()
    expect(best(answer({ firstTokenMs: 1000 }), answer({ firstTokenMs: 1009 })).firstTokenMs.best).toBeNull()
    const mixed = best(answer({ costMicros: 1, currency: 'USD' }), answer({ costMicros: 2, currency: 'EUR' }))
    expect(mixed.costMicros.best).toBeNull()
  })

  test('a failed answer is the best in nothing', () => {
    const scale = meterScale([
      answer({ firstTokenMs: 1 }, 'failed'),
      answer({ firstTokenMs: 90 }),
      answer({ firstTokenMs: 200 }),
    ])
    expect(scale.firstTokenMs.best).toBe(90)
  })
})
