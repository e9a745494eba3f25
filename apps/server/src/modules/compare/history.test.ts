import { describe, expect, test } from 'vitest'
import type { AnswerWithGeneration, TurnRow } from './compare.tables.ts'
import { historyOf } from './history.ts'

const turn = (id: string, text: string): TurnRow => ({ id, comparison_id: 'c', text, created_at: 0 })

function answer(id: string, turnId: string, text: string | null, more: Partial<AnswerWithGeneration> = {}) {
  const parts = [
    { type: 'reasoning', text: `thought ${id}`, durationMs: 1, signature: 's' },
    { type: 'text', text },
  ]
  const row: AnswerWithGeneration = {
    id,
    comparison_id: 'c',
    turn_id: turnId,
    pane_id: 'a',
    model_id: 'm',
    model_name: 'm',
    generation_id: id,
    error: null,
    created_at: 0,
    chosen_at: 0,
    g_state: 'finished',
    g_seq: 1,
    g_parts: text === null ? null : JSON.stringify(parts),
    g_meter: null,
    g_warnings: null,
    g_finish_reason: null,
    g_error: null,
    g_prompt_version_id: null,
  }
  return { ...row, ...more }
}

const turns = [turn('1', 'One?'), turn('2', 'Two?')]
const pane = { id: 'a', modelId: 'm' }

describe('what a pane goes on from', () => {
  test('its own answers alone, with the reasoning of its own model', () => {
    const answers = [
      answer('x', '1', 'First.'),
      answer('y', '1', 'Of another pane.', { pane_id: 'b' }),
      answer('z', '2', 'Second.'),
    ]
    expect(historyOf(turns, answers, pane)).toEqual([
      { role: 'user', content: 'One?' },
      { role: 'assistant', content: 'First.', reasoning: [{ text: 'thought x', signature: 's' }] },
      { role: 'user', content: 'Two?' },
      { role: 'assistant', content: 'Second.', reasoning: [{ text: 'thought z', signature: 's' }] },
    ])
  })

  test('another model does not get the reasoning', () => {
    expect(historyOf(turns, [answer('x', '1', 'First.')], { id: 'a', modelId: 'other' })).toEqual([
      { role: 'user', content: 'One?' },
      { role: 'assistant', content: 'First.' },
    ])
  })

  test('of several tries the one that was chosen last', () => {
    const tries = [
      answer('x', '1', 'First try.', { chosen_at: 9 }),
      answer('y', '1', 'Second try.', { chosen_at: 5 }),
      answer('z', '1', 'Third try.', { chosen_at: 5 }),
    ]
    expect(historyOf(turns, tries, pane).at(-1)).toMatchObject({ content: 'First try.' })
    expect(historyOf(turns, tries.slice(1), pane).at(-1)).toMatchObject({ content: 'Third try.' })
  })

  test('a prompt that got no answer is kept, one that it was not asked is left out', () => {
    expect(historyOf(turns, [answer('x', '2', null, { g_state: 'failed' })], pane)).toEqual([
      { role: 'user', content: 'Two?' },
    ])
  })
})
