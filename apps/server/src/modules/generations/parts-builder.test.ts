import type { StreamEvent } from '@anneal/contract'
import { describe, expect, it } from 'vitest'
import { PartsBuilder } from './parts-builder.ts'

function fold(...events: StreamEvent[]) {
  const builder = new PartsBuilder()
  events.forEach((event, index) => builder.add(event, index * 10))
  return builder.parts()
}

describe('PartsBuilder', () => {
  it('keeps reasoning apart from text, with its time and its proof', () => {
    expect(
      fold(
        { type: 'reasoning-start' },
        { type: 'reasoning-delta', text: 'a' },
        { type: 'reasoning-delta', text: 'b' },
        { type: 'reasoning-end', durationMs: 42, signature: 's' },
        { type: 'text-start' },
        { type: 'text-delta', text: 'c' },
        { type: 'text-end' },
      ),
    ).toEqual([
      { type: 'reasoning', text: 'ab', durationMs: 42, signature: 's' },
      { type: 'text', text: 'c' },
    ])
  })

  it('shows the part that is still open', () => {
    expect(fold({ type: 'text-start' }, { type: 'text-delta', text: 'half' })).toEqual([
      { type: 'text', text: 'half' },
    ])
  })

  it('makes reasoning of what was shown as text before an orphan close tag', () => {
    expect(
      fold(
        { type: 'text-start' },
        { type: 'text-delta', text: 'was thought' },
        { type: 'reclassify' },
        { type: 'text-start' },
        { type: 'text-delta', text: 'answer' },
        { type: 'text-end' },
      ),
    ).toEqual([
      { type: 'reasoning', text: 'was thought', durationMs: 20 },
      { type: 'text', text: 'answer' },
    ])
  })

  it('leaves out blocks of which nothing came, but keeps a redacted one', () => {
    expect(
      fold(
        { type: 'text-start' },
        { type: 'text-end' },
        { type: 'reasoning-start' },
        { type: 'reasoning-end', durationMs: 1, redacted: 'x' },
      ),
    ).toEqual([{ type: 'reasoning', text: '', durationMs: 1, redacted: 'x' }])
  })

  it('gathers the arguments of tool calls', () => {
    expect(
      fold(
        { type: 'tool-call-start', id: '1', name: 'look' },
        { type: 'tool-call-delta', id: '1', text: '{"a":' },
        { type: 'tool-call-delta', id: '1', text: '1}' },
        { type: 'tool-call-end', id: '1' },
      ),
    ).toEqual([{ type: 'tool-call', callId: '1', name: 'look', arguments: '{"a":1}' }])
  })
})
