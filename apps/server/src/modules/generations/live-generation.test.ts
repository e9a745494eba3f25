import type { NumberedStreamEvent } from '@anneal/contract'
import { describe, expect, it } from 'vitest'
import { LiveGeneration } from './live-generation.ts'

function live(stopWhenLeft = false) {
  return new LiveGeneration({
    id: 'g',
    ownerId: 'u',
    visibility: 'private',
    startedAt: 1000,
    saved: true,
    stopWhenLeft,
  })
}

describe('LiveGeneration', () => {
  it('merges neighbouring deltas of one tick and numbers what is left without a gap', () => {
    const generation = live()
    const seen: NumberedStreamEvent[] = []
    generation.readers.add((events) => seen.push(...events))
    generation.add({ type: 'text-start' }, 1100)
    generation.add({ type: 'text-delta', text: 'a' }, 1101)
    generation.add({ type: 'text-delta', text: 'b' }, 1102)
    generation.flush()
    generation.add({ type: 'text-delta', text: 'c' }, 1150)
    generation.add({ type: 'text-end' }, 1151)
    generation.add({ type: 'finish', reason: 'stop' }, 1152)
    generation.flush()
    expect(seen).toEqual([
      { seq: 1, event: { type: 'text-start' } },
      { seq: 2, event: { type: 'text-delta', text: 'ab' } },
      { seq: 3, event: { type: 'text-delta', text: 'c' } },
      { seq: 4, event: { type: 'text-end' } },
      { seq: 5, event: { type: 'finish', reason: 'stop' } },
    ])
    expect(generation.events).toEqual(seen)
    expect(generation.finishReason).toBe('stop')
  })

  it('hands the first piece of a direct answer on at once, and merges the rest', () => {
    const facts = { id: 'g', ownerId: 'u', visibility: 'private' as const, startedAt: 1000 }
    const generation = new LiveGeneration({ ...facts, saved: false, stopWhenLeft: true, direct: true })
    const seen: NumberedStreamEvent[] = []
    generation.readers.add((events) => seen.push(...events))
    generation.add({ type: 'text-start' }, 1100)
    expect(seen).toEqual([])
    generation.add({ type: 'text-delta', text: 'a' }, 1101)
    expect(seen.at(-1)).toEqual({ seq: 2, event: { type: 'text-delta', text: 'a' } })
    generation.add({ type: 'text-delta', text: 'b' }, 1102)
    expect(seen).toHaveLength(2)
  })

  it('never merges reasoning with text, nor one tool call with another', () => {
    const generation = live()
    generation.add({ type: 'reasoning-delta', text: 'a' }, 1)
    generation.add({ type: 'text-delta', text: 'b' }, 2)
    generation.add({ type: 'tool-call-delta', id: '1', text: 'c' }, 3)
    generation.add({ type: 'tool-call-delta', id: '2', text: 'd' }, 4)
    generation.flush()
    expect(generation.events).toHaveLength(4)
  })

  it('tells its readers once that nothing more comes, after the last of it', () => {
    const generation = live()
    const calls: [number, boolean][] = []
    generation.readers.add((events, done) => calls.push([events.length, done]))
    generation.add({ type: 'text-delta', text: 'last' }, 1)
    generation.close()
    generation.close()
    expect(calls).toEqual([
      [1, false],
      [0, true],
    ])
  })

  it('ends with its last reader only where it was asked to', () => {
    const keep = live()
    const stop = live(true)
    for (const generation of [keep, stop]) {
      const reader = () => undefined
      generation.readers.add(reader)
      generation.leave(reader)
    }
    expect(keep.abort.signal.aborted).toBe(false)
    expect(stop.abort.signal.aborted).toBe(true)
  })

  it('measures from the question: first token, speed, what the provider counted', () => {
    const generation = live()
    generation.add({ type: 'reasoning-start' }, 1400)
    generation.add({ type: 'reasoning-delta', text: 'x' }, 1500)
    generation.add({ type: 'reasoning-end', durationMs: 250 }, 1750)
    generation.add({ type: 'text-delta', text: 'y' }, 1800)
    generation.add({ type: 'usage', inputTokens: 7, outputTokens: 100, reasoningTokens: 40 }, 3500)
    generation.endedAt = 3500
    expect(generation.meter(9999)).toEqual({
      firstTokenMs: 500,
      durationMs: 2500,
      reasoningMs: 250,
      tokensPerSecond: 50,
      inputTokens: 7,
      cachedInputTokens: null,
      reasoningTokens: 40,
      outputTokens: 100,
      costMicros: null,
      currency: null,
    })
    generation.cost = { costMicros: 1250, currency: 'USD' }
    expect(generation.meter(9999)).toMatchObject({ costMicros: 1250, currency: 'USD', outputTokens: 100 })
  })

  it('tells no speed of an answer that came all at once', () => {
    const generation = live()
    generation.add({ type: 'text-delta', text: 'all of it' }, 16_263)
    generation.add({ type: 'usage', outputTokens: 1024 }, 16_264)
    generation.endedAt = 16_264
    expect(generation.meter(0).tokensPerSecond).toBeNull()
  })
})
