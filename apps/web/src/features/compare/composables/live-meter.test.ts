import { expect, test } from 'vitest'
import { shallowRef } from 'vue'
import type { AnswerPart, LiveAnswer } from '../../../app/live-answer.ts'
import type { Answer } from '../compare.api.ts'
import { liveMeter } from './live-meter.ts'

const parts: AnswerPart[] = [
  { type: 'reasoning', text: 'x'.repeat(200), durationMs: 900 },
  { type: 'text', text: 'y'.repeat(200) },
]
const following = (firstAt: number | null, heardAt: number, came = parts): LiveAnswer => ({
  parts: shallowRef(came),
  reasoningSince: shallowRef(null),
  firstAt: shallowRef(firstAt),
  heardAt: shallowRef(heardAt),
  stop: () => undefined,
})
const answer = (state: Answer['state'], meter: Partial<Answer['meter']> = {}): Answer =>
  ({ state, meter: { outputTokens: null, tokensPerSecond: null, costMicros: null, ...meter } }) as Answer

test('what came while an answer is made is counted, with its speed', () => {
  expect(liveMeter(answer('running'), following(1000, 3000))).toMatchObject({
    outputTokens: 100,
    tokensPerSecond: 50,
    costMicros: null,
    estimated: true,
  })
})

test('before anything came, and in its first moments, there is no speed', () => {
  expect(liveMeter(answer('running'), following(null, 3000, []))).toMatchObject({
    outputTokens: null,
    tokensPerSecond: null,
  })
  expect(liveMeter(answer('running'), following(1000, 1200)).tokensPerSecond).toBeNull()
})

test("an answer that has ended has its provider's figures", () => {
  const ended = answer('finished', { outputTokens: 517, tokensPerSecond: 61.8 })
  expect(liveMeter(ended, following(1000, 3000))).toMatchObject({
    outputTokens: 517,
    tokensPerSecond: 61.8,
    estimated: false,
  })
})
