import { describe, expect, test } from 'vitest'
import { ref } from 'vue'
import type { AnswerPart } from '../../../app/live-answer.ts'
import type { Answer, Pane, Turn } from '../compare.api.ts'
import { choicesOf } from '../vote-choices.ts'
import { stateOf, usePaneViews } from './pane-views.ts'

const reasoning: AnswerPart = { type: 'reasoning', text: 'hm', durationMs: null }
const text: AnswerPart = { type: 'text', text: 'Yes.' }
const answer = (fields: Partial<Answer>) =>
  ({ state: 'finished', parts: [], chosen: true, ...fields }) as Answer
const pane = (id: string): Pane => ({ id, modelId: null, parameters: null, system: null, prompt: null })

describe('how far a pane is', () => {
  const running = answer({ state: 'running' })
  test.each([
    [null, [], 'idle'],
    [running, [], 'waiting'],
    [running, [reasoning], 'thinking'],
    [running, [reasoning, text], 'streaming'],
    [answer({}), [text], 'done'],
    [answer({ state: 'stopped' }), [text], 'stopped'],
    [answer({ state: 'failed' }), [], 'failed'],
    [answer({ state: 'interrupted' }), [text], 'interrupted'],
  ] as const)('%#: %s', (given, parts, state) => {
    expect(stateOf(given, parts)).toBe(state)
  })
})

describe('a pane as it is shown', () => {
  const tries = [
    answer({ id: '1', paneId: 'a', chosen: true, parts: [reasoning, text] }),
    answer({ id: '2', paneId: 'a', chosen: false, parts: [{ type: 'text', text: 'No.' }] }),
  ]
  const views = usePaneViews(ref([pane('a'), pane('b')]), ref({ answers: tries } as Turn), ref([]), new Map())

  test('shows the try that was chosen, without its reasoning as text', () => {
    expect(views.value[0]).toMatchObject({ letter: 'A', text: 'Yes.', answer: { id: '1' }, tries })
  })

  test('is idle where it was not asked', () => {
    expect(views.value[1]).toMatchObject({ letter: 'B', answer: null, state: 'idle', live: false })
  })
})

test('each pane is voted for by its number, whatever its letter', () => {
  const choices = choicesOf([
    { id: 'a', letter: 'A' },
    { id: 'c', letter: 'C' },
  ])
  expect(choices.map(({ keys, body }) => [keys, body])).toEqual([
    ['1', { choice: 'pane', paneId: 'a' }],
    ['2', { choice: 'pane', paneId: 'c' }],
    ['t', { choice: 'tie' }],
    ['0', { choice: 'all-bad' }],
  ])
})
