import { expect, test } from 'vitest'
import { ActorCache } from './actor-cache.ts'

const entry = (value: string) => ({ userId: 'u', value })

test('reads once, however many ask at once', async () => {
  const cache = new ActorCache<string>(10)
  let readings = 0
  const load = async () => entry(`reading ${++readings}`)
  const values = await Promise.all([1, 2, 3].map(() => cache.getOrLoad('k', load)))
  expect(values).toEqual(['reading 1', 'reading 1', 'reading 1'])
  expect(await cache.getOrLoad('k', load)).toBe('reading 1')
})

test('a reading that a change overtook is not kept', async () => {
  const cache = new ActorCache<string>(10)
  let finish = (_value: { userId: string; value: string }) => {}
  const slow = cache.getOrLoad('k', () => new Promise((resolve) => (finish = resolve)))
  cache.drop((_entry, key) => key === 'k')
  finish(entry('before the change'))
  await slow
  expect(cache.get('k')).toBeUndefined()
  expect(await cache.getOrLoad('k', async () => entry('after'))).toBe('after')
})

test('whoever asks after a change does not join a reading from before it', async () => {
  const cache = new ActorCache<string>(10)
  let finish = (_value: { userId: string; value: string }) => {}
  const slow = cache.getOrLoad('k', () => new Promise((resolve) => (finish = resolve)))
  cache.drop(() => true)
  expect(await cache.getOrLoad('k', async () => entry('after'))).toBe('after')
  finish(entry('before'))
  expect(await slow).toBe('before')
  expect(cache.get('k')).toBe('after')
})

test('holds no more than its limit', async () => {
  const cache = new ActorCache<string>(2)
  for (const key of ['a', 'b', 'c']) await cache.getOrLoad(key, async () => entry(key))
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([undefined, 'b', 'c'])
})
