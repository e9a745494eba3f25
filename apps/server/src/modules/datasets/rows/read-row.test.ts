import { describe, expect, test } from 'vitest'
import type { Line } from './line-splitter.ts'
import { excerptOf, longestRow, readRow } from './read-row.ts'

function lineOf(content: string | Buffer): Line {
  const bytes = Buffer.from(content)
  return { number: 1, start: 0, bytes, length: bytes.length, tooLong: false }
}
const read = (value: unknown) => readRow(lineOf(JSON.stringify(value)))
const user = { role: 'user', content: 'Why?' }
const assistant = { role: 'assistant', content: 'Because.' }

describe('formats', () => {
  test('messages, with a system message and the names that others use for roles', () => {
    const developer = { role: 'developer', content: 'Be brief.' }
    expect(read({ messages: [developer, user, assistant] })).toEqual({
      format: 'messages',
      messages: [{ role: 'system', content: 'Be brief.' }, user, assistant],
    })
  })
  test('messages whose content is a list of texts', () => {
    const parts = {
      role: 'user',
      content: [
        { type: 'text', text: 'Wh' },
        { type: 'text', text: 'y?' },
      ],
    }
    expect(read({ messages: [parts, assistant] })).toMatchObject({ messages: [user, assistant] })
  })
  test('prompt and completion, as texts and as turns', () => {
    const expected = { format: 'prompt-completion', messages: [user, assistant] }
    expect(read({ prompt: 'Why?', completion: 'Because.' })).toEqual(expected)
    expect(read({ prompt: [user], completion: [assistant] })).toEqual(expected)
  })
  test('Alpaca, with input, system and history', () => {
    const row = {
      system: 'Be brief.',
      history: [['Hello', 'Hi']],
      instruction: 'Translate.',
      input: 'Guten Tag',
      output: 'Good day',
    }
    expect(read(row)).toEqual({
      format: 'alpaca',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi' },
        { role: 'user', content: 'Translate.\n\nGuten Tag' },
        { role: 'assistant', content: 'Good day' },
      ],
    })
    expect(read({ instruction: 'Why?', input: '', output: 'Because.' })).toMatchObject({
      messages: [user, assistant],
    })
  })
  test('ShareGPT', () => {
    const conversations = [
      { from: 'human', value: 'Why?' },
      { from: 'gpt', value: 'Because.' },
    ]
    expect(read({ conversations })).toEqual({ format: 'sharegpt', messages: [user, assistant] })
  })
})

describe('reasoning', () => {
  const answered = { ...assistant, reasoning: 'Hm.' }
  test.each([
    ['a field', { ...assistant, reasoning: 'Hm.' }],
    ['the field of DeepSeek', { ...assistant, reasoning_content: 'Hm.' }],
    ['a leading tag', { role: 'assistant', content: '<think>\nHm.\n</think>\n\nBecause.' }],
  ])('from %s', (_name, turn) => {
    expect(read({ messages: [user, turn] })).toMatchObject({ messages: [user, answered] })
  })
  test('a tag that is spoken of stays in the answer, and one of the user stays theirs', () => {
    const speaks = { role: 'assistant', content: 'Write <think>x</think>.' }
    const asks = { role: 'user', content: '<think>x</think> why?' }
    expect(read({ messages: [asks, speaks] })).toMatchObject({ messages: [asks, speaks] })
  })
})

describe('reasons', () => {
  const tool = { role: 'tool', content: '42' }
  const system = { role: 'system', content: 'Be brief.' }
  test.each<[string, unknown, object]>([
    ['not-object', [1], {}],
    ['not-object', null, {}],
    ['unknown-format', { text: 'Why?' }, {}],
    ['wrong-type', { messages: 'Why?' }, { field: 'messages', expected: 'list' }],
    ['wrong-type', { messages: ['Why?'] }, { expected: 'object' }],
    ['wrong-type', { messages: [{ role: 'user', content: 5 }] }, { expected: 'string' }],
    ['wrong-type', { messages: [{ content: 'Why?' }] }, { expected: 'string' }],
    ['wrong-type', { prompt: null, completion: 'x' }, { field: 'prompt' }],
    ['unknown-role', { messages: [{ role: 'constructor', content: 'x' }] }, { turn: 1, role: 'constructor' }],
    ['no-turns', { messages: [] }, {}],
    ['empty-content', { messages: [user, { role: 'assistant', content: ' \n' }] }, { turn: 2 }],
    ['empty-content', { prompt: 'Why?', completion: '<think>Hm.</think>' }, { turn: 2 }],
    ['tool-calls', { messages: [user, { role: 'assistant', content: 'x', tool_calls: [{}] }] }, { turn: 2 }],
    ['system-later', { messages: [user, system, assistant] }, { turn: 2 }],
    ['first-not-user', { messages: [system, assistant] }, { turn: 2, role: 'assistant' }],
    ['first-not-user', { messages: [assistant, user] }, { turn: 1 }],
    ['wrong-order', { messages: [user, user, assistant] }, { turn: 2, role: 'user' }],
    ['wrong-order', { messages: [user, assistant, assistant] }, { turn: 3, role: 'assistant' }],
    ['wrong-order', { messages: [user, tool, assistant] }, { turn: 2, role: 'tool' }],
    ['last-not-assistant', { messages: [user, assistant, user] }, { role: 'user' }],
    ['last-not-assistant', { messages: [user, assistant, tool] }, { role: 'tool' }],
  ])('%s: %j', (code, row, params) => {
    expect(read(row)).toMatchObject({ problem: { code, params } })
  })
  test('not-json, not-utf8 and too-long', () => {
    expect(readRow(lineOf('{"messages":'))).toMatchObject({ problem: { code: 'not-json' } })
    expect(readRow(lineOf(Buffer.from([0x22, 0xff, 0x22])))).toMatchObject({ problem: { code: 'not-utf8' } })
    const long = { ...lineOf('{'), length: longestRow + 1, tooLong: true }
    expect(readRow(long)).toMatchObject({ problem: { code: 'too-long', params: { bytes: longestRow + 1 } } })
  })
  test('what is stored of a bad row is short, without zero bytes or half characters', () => {
    expect(excerptOf(lineOf(`a\0${'😀'.repeat(300)}`))).toMatch(/^a\uFFFD(😀)+\uFFFD?$/)
    expect(excerptOf(lineOf('x'.repeat(5000)))).toHaveLength(200)
  })
})
