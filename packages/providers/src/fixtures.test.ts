import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { StreamEvent } from '@anneal/contract'
import { describe, expect, test } from 'vitest'
import type { ProviderKind, Transport } from './provider.ts'
import { collect } from './testing/collect.ts'

const think = (text: string, end: object = {}): StreamEvent[] => [
  { type: 'reasoning-start' },
  { type: 'reasoning-delta', text },
  { type: 'reasoning-end', durationMs: 0, ...end },
]
const say = (text: string): StreamEvent[] => [
  { type: 'text-start' },
  { type: 'text-delta', text },
  { type: 'text-end' },
]
const tool = (id: string, name: string, text: string): StreamEvent[] => [
  { type: 'tool-call-start', id, name },
  { type: 'tool-call-delta', id, text },
  { type: 'tool-call-end', id },
]
const redacted = (data: string): StreamEvent[] => [
  { type: 'reasoning-start' },
  { type: 'reasoning-end', durationMs: 0, redacted: data },
]

const [toolAStart, toolADelta, toolAEnd] = tool('call_a', 'get_weather', '{"city":"Bern"}')
const [toolBStart, toolBDelta, toolBEnd] = tool('call_b', 'get_time', '{}')

/** Shapes as the providers document them, and what must come of them. */
const fixtures: [file: string, kind: ProviderKind, expected: (StreamEvent | undefined)[]][] = [
  [
    'openai-tool-calls.sse',
    'openai-compatible',
    [
      toolAStart,
      toolADelta,
      toolBStart,
      toolBDelta,
      toolAEnd,
      toolBEnd,
      { type: 'usage', inputTokens: 82, cachedInputTokens: 64, reasoningTokens: 0, outputTokens: 34 },
      { type: 'finish', reason: 'tool-calls' },
    ],
  ],
  [
    'deepseek-reasoner.sse',
    'openai-compatible',
    [
      ...think('Nine is larger.'),
      ...say('9.8 > 9.11'),
      { type: 'usage', inputTokens: 20, cachedInputTokens: 4, reasoningTokens: 5, outputTokens: 11 },
      { type: 'finish', reason: 'stop' },
    ],
  ],
  [
    'vllm-shared-delta.sse',
    'openai-compatible',
    [...think('first then'), ...say('answer <think> is a tag'), { type: 'finish', reason: 'stop' }],
  ],
  [
    'openrouter-details.sse',
    'openai-compatible',
    [
      ...think('Let me see.', { signature: 'sig1' }),
      ...redacted('AAEC'),
      ...say('Yes.'),
      { type: 'finish', reason: 'stop' },
    ],
  ],
  [
    'mistral-thinking-parts.sse',
    'openai-compatible',
    [
      ...think('Two and two.'),
      ...say('Four.'),
      { type: 'usage', inputTokens: 5, outputTokens: 7 },
      { type: 'finish', reason: 'stop' },
    ],
  ],
  [
    'transformers-serve.sse',
    'openai-compatible',
    [...think('hm'), ...say('yes'), { type: 'finish', reason: 'stop' }],
  ],
  [
    'anthropic-thinking-tool.sse',
    'anthropic',
    [
      ...think('I need the weather.', { signature: 'EqQBCgIYAg==' }),
      ...redacted('EmwKAhgB'),
      ...say('I look it up.'),
      ...tool('toolu_1', 'get_weather', '{"city": "Bern"}'),
      { type: 'usage', inputTokens: 100, cachedInputTokens: 60, outputTokens: 89 },
      { type: 'finish', reason: 'tool-calls' },
    ],
  ],
  [
    'ollama-thinking-tool.ndjson',
    'ollama',
    [
      ...think('Let me think'),
      ...say('Looking'),
      ...tool('call-0', 'get_weather', '{"city":"Bern"}'),
      { type: 'usage', inputTokens: 26, outputTokens: 31 },
      { type: 'finish', reason: 'tool-calls' },
    ],
  ],
]

const replaying = (parts: Buffer[]): Transport => ({
  request: () =>
    Promise.resolve({ status: 200, headers: {}, body: Readable.from(parts, { objectMode: false }) }),
})

const connection = { baseUrl: 'http://example.invalid' }

describe.each(fixtures)('%s', (file, kind, expected) => {
  const bytes = readFileSync(join(import.meta.dirname, 'testing/fixtures', file))

  test('says what it means', async () => {
    const { events, error } = await collect(kind, { connection }, { transport: replaying([bytes]) })
    expect(error).toBeUndefined()
    expect(events).toEqual(expected)
  })

  test('means the same wherever the bytes are cut', async () => {
    for (let at = 1; at < bytes.length; at += 7) {
      const parts = [bytes.subarray(0, at), bytes.subarray(at)]
      expect((await collect(kind, { connection }, { transport: replaying(parts) })).events).toEqual(expected)
    }
    const single = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
    expect((await collect(kind, { connection }, { transport: replaying(single) })).events).toEqual(expected)
  })

  test('cut off before its end, it is never taken for whole', async () => {
    const half = bytes.subarray(0, Math.floor(bytes.length / 2))
    const { events, error } = await collect(kind, { connection }, { transport: replaying([half]) })
    expect(error).toMatchObject({ code: 'provider.cut-off', retryable: true })
    expect(events.some(({ type }) => type === 'finish')).toBe(false)
  })
})
