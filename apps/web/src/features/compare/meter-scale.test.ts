import { describe, expect, test } from 'vitest'
import type { Answer } from './compare.api.ts'
import type { PaneView } from './composables/pane-views.ts'
import { meterScale, shareOf } from './meter-scale.ts'

type Measured = Pick<PaneView, 'answer' | 'meter'>
function answer(meter: Partial<PaneView['meter']>, state: Answer['state'] = 'finished'): Measured {
  return {
    answer: { state } as Answer,
    meter: { firstTokenMs: null, tokensPerSecond: null, ...meter } as PaneView['meter'],
  }
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
    const best = (...answers: Measured[]) => meterScale(answers)
    expect(best(answer({ firstTokenMs: 200 })).firstTokenMs.best).toBeNull()
    expect(best(answer({ firstTokenMs: 1000 }), answer({ firstTokenMs: 1009 })).firstTokenMs.best).toBeNull()
    const mixed = best(answer({ costMicros: 1, currency: 'USD' }), answer({ costMicros: 2, currency: 'EUR' }))
    expect(mixed.costMicros.best).toBeNull()
  })

  test('an estimate is drawn to scale, and makes nothing the best', () => {
    const scale = meterScale([
      answer({ firstTokenMs: 100, tokensPerSecond: 50 }),
      answer({ firstTokenMs: 300, tokensPerSecond: 80, estimated: true }, 'running'),
    ])
    expect(shareOf(scale, 'tokensPerSecond', 40)).toEqual({ share: 0.5, best: false })
    expect(scale.tokensPerSecond.best).toBeNull()
    expect(scale.firstTokenMs.best).toBe(100)
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
