import type { SocketRequest } from '@anneal/contract'
import { describe, expect, it, vi } from 'vitest'
import { createWatches } from './socket-watches.ts'

function setUp() {
  const sent: SocketRequest[] = []
  return { sent, watches: createWatches((message) => (sent.push(message), true)) }
}
const lines = (...numbers: number[]) =>
  numbers.map((line) => ({ line, time: 0, level: 'info' as const, text: String(line) }))

describe('the topics that a tab follows', () => {
  it('resumes after the last number seen', () => {
    const { sent, watches } = setUp()
    watches.add('log', 'run', { after: 2, onMessages: () => undefined })
    watches.deliver({ type: 'log', id: 'run', lines: lines(3, 4) })
    watches.resume()
    expect(sent).toEqual([
      { type: 'watch', topic: 'log', id: 'run', after: 2 },
      { type: 'watch', topic: 'log', id: 'run', after: 4 },
    ])
  })

  it('gives nothing twice when a repeat overlaps', () => {
    const { watches } = setUp()
    const got: number[] = []
    watches.add('log', 'run', {
      onMessages: ([message]) => got.push(...(message?.lines ?? []).map((line) => line.line)),
    })
    watches.deliver({ type: 'log', id: 'run', lines: lines(1, 2, 3) })
    watches.deliver({ type: 'log', id: 'run', lines: lines(2, 3, 4) })
    expect(got).toEqual([1, 2, 3, 4])
  })

  it('serves a second reader from its own number, and ends with the last', () => {
    const { sent, watches } = setUp()
    const late = vi.fn()
    const stopFirst = watches.add('points', 'run', { after: 50, onMessages: () => undefined })
    const stopSecond = watches.add('points', 'run', { onMessages: late })
    expect(sent.slice(1)).toEqual([
      { type: 'unwatch', topic: 'points', id: 'run' },
      { type: 'watch', topic: 'points', id: 'run', after: 0 },
    ])
    watches.deliver({ type: 'points', id: 'run', after: 10, series: [] })
    expect(late).toHaveBeenCalledTimes(1)
    stopFirst()
    expect(sent).toHaveLength(3)
    stopSecond()
    stopSecond()
    expect(sent.slice(3)).toEqual([{ type: 'unwatch', topic: 'points', id: 'run' }])
  })

  it('tells an end without events, and a refusal', () => {
    const { watches } = setUp()
    const onMessages = vi.fn()
    const onRefused = vi.fn()
    watches.add('generation', 'g', { after: 9, onMessages, onRefused })
    watches.deliver({ type: 'generation', id: 'g', events: [], done: true })
    watches.deliver({ type: 'refused', topic: 'generation', id: 'g', code: 'platform.not-found' })
    expect(onMessages).toHaveBeenCalledWith([{ type: 'generation', id: 'g', events: [], done: true }])
    expect(onRefused).toHaveBeenCalledWith('platform.not-found')
  })
})
