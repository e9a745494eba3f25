import { expect, it } from 'vitest'
import type { MessageText } from './chat.repo.ts'
import { historyOf } from './history.ts'
import { titleFrom } from './send-message.ts'

const user = (id: string, parent: string | null, text: string): MessageText => ({
  id,
  parent_id: parent,
  role: 'user',
  text,
  generation_id: null,
  g_parts: null,
})
const answer = (id: string, parent: string, parts: unknown[]): MessageText => ({
  id,
  parent_id: parent,
  role: 'assistant',
  text: null,
  generation_id: `g${id}`,
  g_parts: parts.length === 0 ? null : JSON.stringify(parts),
})

it('goes the way from the first message down to the one that is answered, and no other branch', () => {
  const tree = [
    user('1', null, 'first'),
    answer('2', '1', [{ type: 'text', text: 'old answer' }]),
    answer('3', '1', [{ type: 'text', text: 'new answer' }]),
    user('4', '2', 'on the old branch'),
    user('5', '3', 'on the new branch'),
  ]
  expect(historyOf(tree, '5')).toEqual([
    { role: 'user', content: 'first' },
    { role: 'assistant', content: 'new answer' },
    { role: 'user', content: 'on the new branch' },
  ])
})

it('gives reasoning apart, with its proof, and leaves out answers of which nothing came', () => {
  const tree = [
    user('1', null, 'q'),
    answer('2', '1', [
      { type: 'reasoning', text: 'hm', durationMs: 3, signature: 's' },
      { type: 'text', text: 'a' },
    ]),
    user('3', '2', 'again'),
    answer('4', '3', []),
    user('5', '4', 'once more'),
  ]
  expect(historyOf(tree, '5')).toEqual([
    { role: 'user', content: 'q' },
    { role: 'assistant', content: 'a', reasoning: [{ text: 'hm', signature: 's' }] },
    { role: 'user', content: 'again' },
    { role: 'user', content: 'once more' },
  ])
})

it('calls a conversation after its first line, cut between characters', () => {
  expect(titleFrom('  Why?\nmore')).toBe('Why?')
  const long = titleFrom('🙂'.repeat(100))
  expect([...long]).toHaveLength(80)
  expect(long.isWellFormed()).toBe(true)
})
