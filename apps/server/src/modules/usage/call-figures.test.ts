import { describe, expect, test } from 'vitest'
import { figuresOf } from './call-figures.ts'

const hour = 3_600_000
const call = (
  startedAt: number,
  firstTokenMs: number | null,
  outcome = 'finished',
  modelId: string | null = 'm',
) => ({
  model_id: modelId,
  outcome,
  started_at: startedAt,
  first_token_ms: firstTokenMs,
  duration_ms: (firstTokenMs ?? 0) + 1000,
  output_tokens: 50,
})

describe('figures of calls', () => {
  test('medians are over those that went well, and in each part of the time', () => {
    const calls = [
      call(0, 100),
      call(1000, 300),
      call(23.5 * hour, 200),
      call(2 * hour, 9000, 'failed'),
      call(3 * hour, null, 'stopped'),
    ]
    const found = figuresOf(calls, 0, 24 * hour).get('m')
    expect(found).toMatchObject({ calls: 5, failed: 1, firstTokenMs: 200, tokensPerSecond: 50 })
    expect(found?.firstTokens).toHaveLength(24)
    expect(found?.firstTokens[0]).toBe(200)
    expect(found?.firstTokens[23]).toBe(200)
    expect(found?.firstTokens.filter((value) => value !== null)).toHaveLength(2)
  })

  test('each model has its own, and calls of none are left out', () => {
    const found = figuresOf([call(0, 1), call(0, 2, 'finished', 'n'), call(0, 3, 'finished', null)], 0, hour)
    expect([...found].map(([id, figures]) => [id, figures.firstTokenMs])).toEqual([
      ['m', 1],
      ['n', 2],
    ])
  })

  test('a call that came all at once has no speed', () => {
    const quick = { ...call(0, 1000), duration_ms: 1005 }
    expect(figuresOf([quick], 0, hour).get('m')?.tokensPerSecond).toBeNull()
  })
})
