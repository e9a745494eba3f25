import type { StreamEvent } from '@anneal/contract'
import { describe, expect, it } from 'vitest'
import { ChunkWriter } from './chunk-writer.ts'

function write(events: StreamEvent[], includeUsage = false) {
  const writer = new ChunkWriter({ id: '1', startedAt: 1_790_000_000_999, model: 'a "model"', includeUsage })
  const text = writer.write(events.map((event, at) => ({ seq: at + 1, event })))
  return text
    .split('\n\n')
    .filter(Boolean)
    .map(
      (line) => JSON.parse(line.replace(/^data: /, '')) as Record<string, unknown> & { choices: unknown[] },
    )
}

describe('ChunkWriter', () => {
  it('writes text and reasoning as OpenAI’s chunks, whatever they hold', () => {
    const chunks = write([
      { type: 'reasoning-start' },
      { type: 'reasoning-delta', text: 'hm "\n' },
      { type: 'reasoning-end', durationMs: 1, signature: 'secret' },
      { type: 'text-start' },
      { type: 'text-delta', text: '你好\u2028' },
      { type: 'text-end' },
      { type: 'finish', reason: 'length' },
    ])
    expect(chunks).toHaveLength(3)
    expect(chunks[0]).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1_790_000_000,
      model: 'a "model"',
      choices: [{ index: 0, delta: { reasoning_content: 'hm "\n' }, logprobs: null, finish_reason: null }],
    })
    expect(chunks[1]!.choices).toMatchObject([{ delta: { content: '你好\u2028' } }])
    expect(chunks[2]!.choices).toMatchObject([{ delta: {}, finish_reason: 'length' }])
    expect(JSON.stringify(chunks)).not.toContain('secret')
  })

  it('numbers tool calls, and gives each piece to its own', () => {
    const chunks = write([
      { type: 'tool-call-start', id: 'a', name: 'f' },
      { type: 'tool-call-start', id: 'b', name: 'g' },
      { type: 'tool-call-delta', id: 'b', text: '{}' },
      { type: 'tool-call-delta', id: 'a', text: '[]' },
      { type: 'tool-call-end', id: 'a' },
    ])
    const calls = chunks.map(
      (chunk) => (chunk.choices[0] as { delta: { tool_calls: object[] } }).delta.tool_calls[0],
    )
    expect(calls).toEqual([
      { index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } },
      { index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '' } },
      { index: 1, function: { arguments: '{}' } },
      { index: 0, function: { arguments: '[]' } },
    ])
  })

  it('says nothing of what cannot be said there, and leaves a failure to its own event', () => {
    const events: StreamEvent[] = [
      { type: 'reclassify' },
      { type: 'warning', code: 'provider.option-ignored', params: {} },
      { type: 'usage', inputTokens: 1 },
      { type: 'error', code: 'provider.cut-off', params: {}, retryable: true },
      { type: 'finish', reason: 'error' },
    ]
    expect(write(events)).toEqual([])
  })

  it('holds the place of usage where it was asked for', () => {
    expect(write([{ type: 'text-delta', text: 'x' }], true)[0]).toMatchObject({ usage: null })
  })
})
