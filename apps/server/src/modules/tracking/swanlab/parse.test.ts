import { describe, expect, it } from 'vitest'
import { linesOf, mergeProfile, scalarsOf, seriesOf } from './parse.ts'

const now = 1_790_000_000_000

describe('what an SDK sends', () => {
  it('becomes points by key; what is no finite number is kept as what it is', () => {
    const metrics = [
      { key: 'loss', index: 1, data: 0.5, create_time: '2026-11-24T10:00:00.123Z' },
      { key: 'loss', index: 2, data: 'NaN', create_time: '2026-11-24T10:00:01+00:00' },
      { key: 'loss', index: '3', data: 'INF' },
      { key: 'other', index: 1, data: '-INF' },
    ]
    expect(scalarsOf(metrics, now)).toEqual([
      {
        key: 'loss',
        step: [1, 2, 3],
        value: [0.5, Number.NaN, Number.POSITIVE_INFINITY],
        time: [Date.parse('2026-11-24T10:00:00.123Z'), Date.parse('2026-11-24T10:00:01Z'), now],
      },
      { key: 'other', step: [1], value: [Number.NEGATIVE_INFINITY], time: [now] },
    ])
  })

  it('has the time of its arrival where it names one that no date has', () => {
    const metrics = [1e300, -1e17, Number.NaN].map((create_time) => ({ key: 'a', index: 1, create_time }))
    expect(scalarsOf(metrics, now).map(({ time }) => time)).toEqual([[now, now, now]])
  })

  it('leaves out what makes no sense, and keeps the rest', () => {
    const metrics = [
      null,
      7,
      { key: '', index: 1 },
      { key: 'a', index: 1.5 },
      { key: 'a', index: 2 ** 53 },
      { key: 'b', index: 2, data: 1 },
    ]
    expect(scalarsOf(metrics, now).map(({ key }) => key)).toEqual(['b'])
  })

  it('keeps keys as they are', () => {
    const keys = ['train/loss', 'train/Loss', 'train/loss ', '损失🙂', '__proto__', 'x'.repeat(512)]
    const metrics = keys.map((key) => ({ key, index: 1, data: 1 }))
    expect(scalarsOf(metrics, now).map((point) => point.key)).toEqual(keys)
    expect([...seriesOf(keys.map((key) => ({ key, type: 'FLOAT' }))).keys()]).toEqual(keys)
  })

  it('becomes log lines', () => {
    expect(
      linesOf([{ level: 'ERROR', epoch: 4, message: 'm', create_time: now }, { epoch: 5 }], now),
    ).toEqual([{ epoch: 4, time: now, level: 'ERROR', message: 'm' }])
  })
})

it('merges a profile: nothing is lost to a null or an empty object', () => {
  const old = { config: { lr: { value: 1 } }, metadata: { git: { branch: 'main' }, os: 'linux' } }
  const fresh = { config: {}, metadata: { git: null, os: 'mac', cpu: 2 } }
  expect(mergeProfile(old, fresh)).toEqual({
    config: { lr: { value: 1 } },
    metadata: { git: { branch: 'main' }, os: 'mac', cpu: 2 },
  })
  const polluting = JSON.parse('{"__proto__":{"polluted":true}}') as unknown
  expect(mergeProfile({}, polluting)).toEqual({})
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})
