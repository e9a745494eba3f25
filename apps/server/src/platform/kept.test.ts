import { beforeEach, describe, expect, test } from 'vitest'
import type { Platform } from './context.ts'
import { Kept } from './kept.ts'

function fakePlatform() {
  const heard = new Map<string, (() => void)[]>()
  let now = 1_000_000
  const listen = (kind: string, handler: () => void) => {
    heard.set(kind, [...(heard.get(kind) ?? []), handler])
    return () => false
  }
  const platform = { clock: { now: () => now }, events: { onCommitted: listen, onChange: listen } }
  return {
    platform: platform as unknown as Platform,
    change: (kind: string) => heard.get(kind)?.forEach((handler) => handler()),
    pass: (ms: number) => (now += ms),
  }
}

describe('what is kept', () => {
  let fake: ReturnType<typeof fakePlatform>
  let kept: Kept<number>
  let reads: number
  const read = async () => ++reads

  beforeEach(() => {
    fake = fakePlatform()
    kept = new Kept(fake.platform, ['thing'])
    reads = 0
  })

  test('is read once by key', async () => {
    expect(await Promise.all([kept.get('a', read), kept.get('a', read), kept.get('b', read)])).toEqual([
      1, 1, 2,
    ])
  })

  test('is read again after a change of its kind, and of no other', async () => {
    await kept.get('a', read)
    fake.change('other')
    expect(await kept.get('a', read)).toBe(1)
    fake.change('thing')
    expect(await kept.get('a', read)).toBe(2)
  })

  test('is read again when a change has overtaken the reading', async () => {
    const before = Promise.withResolvers<number>()
    const asked = kept.get('a', () => before.promise)
    fake.change('thing')
    const later = kept.get('a', async () => 2)
    before.resolve(1)
    expect(await asked).toBe(1)
    expect(await later).toBe(2)
    expect(await kept.get('a', read)).toBe(2)
  })

  test('is read again after a few seconds, whoever tells or does not', async () => {
    await kept.get('a', read)
    fake.pass(4000)
    expect(await kept.get('a', read)).toBe(1)
    fake.pass(2000)
    expect(await kept.get('a', read)).toBe(2)
  })

  test('is not kept where reading failed', async () => {
    await expect(kept.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
    expect(await kept.get('a', read)).toBe(1)
  })
})
