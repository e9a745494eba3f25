import { expect, test } from 'vitest'
import { Outbox } from './outbox.ts'

function wire() {
  const frames: string[] = []
  return { frames, bufferedAmount: 0, send: (text: string) => void frames.push(text) }
}
const line = (text: string) => ({
  type: 'log' as const,
  id: 'x',
  lines: [{ line: 1, time: 0, level: 'info' as const, text }],
})

test('what came since the last tick leaves as one array', () => {
  const out = wire()
  const outbox = new Outbox(out, () => expect.unreachable())
  outbox.push(line('a'))
  outbox.push(line('b'))
  outbox.flush()
  outbox.flush()
  expect(out.frames.map((frame) => (JSON.parse(frame) as unknown[]).length)).toEqual([2])
})

test('nothing is put on a full wire, and it goes on once the wire is free', () => {
  const out = wire()
  const outbox = new Outbox(out, () => expect.unreachable())
  out.bufferedAmount = 100_000
  outbox.push(line('a'))
  outbox.flush()
  expect(out.frames).toHaveLength(0)
  out.bufferedAmount = 0
  outbox.flush()
  expect(out.frames).toHaveLength(1)
  expect(outbox.isEmpty).toBe(true)
})

test('a reader behind whom too much gathers is dropped; one large message alone drops nobody', () => {
  const out = wire()
  let dropped = 0
  const outbox = new Outbox(out, () => void dropped++)
  outbox.push(line('x'.repeat(500_000)))
  outbox.flush()
  expect([dropped, out.frames.length]).toEqual([0, 1])
  out.bufferedAmount = 500_000
  outbox.push(line('x'.repeat(30_000)))
  outbox.flush()
  expect(dropped).toBe(0)
  outbox.push(line('x'.repeat(40_000)))
  outbox.flush()
  expect([dropped, out.frames.length]).toEqual([1, 1])
})
