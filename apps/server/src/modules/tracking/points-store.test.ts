import { routes } from '@anneal/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Platform } from '../../platform/context.ts'
import { type TestDb, openTestDb, testDialects } from '../../platform/db/testing.ts'
import { newId } from '../../platform/ids.ts'
import { testPlatform } from '../../platform/testing.ts'
import { type Line, type PointColumns, pointsStore } from './points-store.ts'
import { pointsMigrations } from './points/points.migrations.ts'

const at = 1_790_000_000_000

/** A few points of one series, at a millisecond a step. */
function column(key: string, points: Record<number, number> | [number, number][]): PointColumns {
  const list = Array.isArray(points)
    ? points
    : Object.entries(points).map(([a, b]) => [Number(a), b] as const)
  return {
    key,
    step: list.map(([step]) => step),
    value: list.map(([, value]) => value),
    time: list.map(([step]) => at + (step % 1e9)),
  }
}

const ramp = (key: string, from: number, to: number, value = (step: number) => step / 3): PointColumns =>
  column(
    key,
    Array.from({ length: to - from }, (_, place) => [from + place, value(from + place)]),
  )

describe.each(testDialects())('points on %s', (dialect) => {
  let test: TestDb
  let platform: Platform
  beforeAll(async () => {
    test = await openTestDb(dialect, pointsMigrations)
    platform = storePlatform()
  })
  afterAll(async () => {
    await pointsStore(platform).close()
    await test.close()
  })

  function storePlatform(): Platform {
    return {
      ...testPlatform(test.db).platform,
      config: { databaseUrl: test.place.url } as Platform['config'],
    }
  }

  const store = () => pointsStore(platform)
  const append = (run: string, ...points: PointColumns[]) => store().append(run, { points })

  it('keeps each step once: a batch that comes twice changes nothing, a later value wins', async () => {
    const run = newId()
    const batch = column('loss', { 1: 3, 2: Number.NaN, 3: 1 })
    await append(run, batch)
    await append(run, batch)
    await append(run, column('loss', { 2: 2 }))
    const [series] = await store().tail(run, ['loss'], 10)
    expect(series).toEqual({ key: 'loss', step: [1, 2, 3], value: [3, 2, 1], time: [at + 1, at + 2, at + 3] })
    expect(await store().latest(run)).toEqual([
      { key: 'loss', type: 'FLOAT', points: 3, lastStep: 3, lastValue: 1, lastTime: at + 3 },
    ])
  })

  it('gives the last values of several runs together', async () => {
    const [one, two, none] = [newId(), newId(), newId()]
    await append(one, column('loss', { 1: 3, 2: 0.5 }), column('acc', { 1: 0.9 }))
    await append(two, column('loss', { 1: Number.NaN }), column('Loss', { 1: 7 }))
    expect(await store().lastValues([two, none, one], ['loss', 'acc', '__proto__'])).toEqual([
      [null, null, null],
      [null, null, null],
      [0.5, 0.9, null],
    ])
    expect(await store().lastValues([one], [])).toEqual([[]])
    const many = [...Array.from({ length: 1100 }, newId), one]
    expect((await store().lastValues(many, ['loss'])).at(-1)).toEqual([0.5])
  })

  it('parts keys that differ in case or a blank, and takes steps in any order and above 2^31', async () => {
    const run = newId()
    const keys = ['train/loss', 'train/Loss', 'train/loss ', '损失🙂', '__proto__', 'x'.repeat(512)]
    const top = Number.MAX_SAFE_INTEGER
    await append(
      run,
      ...keys.map((key) =>
        column(key, [
          [top, 1],
          [2 ** 40, 3],
        ]),
      ),
    )
    await append(run, ...keys.map((key) => column(key, { 5: 2 })))
    const series = await store().tail(run, keys, 10)
    expect(series.map(({ key }) => key).toSorted()).toEqual(keys.toSorted())
    for (const one of series) {
      expect(one.step).toEqual([5, 2 ** 40, top])
      expect(one.value).toEqual([2, 3, 1])
    }
    expect((await store().latest(run)).map(({ key }) => key).toSorted()).toEqual(keys.toSorted())
  })

  it('keeps what is no finite number as a gap, counted', async () => {
    const run = newId()
    await append(run, column('a', { 1: 1, 2: Number.NaN, 3: Number.POSITIVE_INFINITY, 4: 4 }))
    const { series } = await store().chart(run, ['a'], { width: 10, x: 'step' })
    expect(series[0]).toMatchObject({
      raw: true,
      notFinite: 2,
      mean: [1, null, null, 4],
      count: [1, 1, 1, 1],
    })
    await append(run, column('a', { 5: Number.NEGATIVE_INFINITY }))
    expect((await store().latest(run))[0]).toMatchObject({ points: 5, lastStep: 5, lastValue: null })
  })

  it('numbers batches, and gives what arrived after a number, each point once', async () => {
    const run = newId()
    const first = await append(run, column('a', { 1: 1 }), column('b', { 1: 1 }))
    const second = await append(run, column('a', { 2: 2 }))
    expect(second).toBe(first + 1)
    expect(await store().number(run)).toBe(second)
    const part = { key: 'a', step: [2], value: [2], time: [at + 2] }
    expect(await store().arrivedAfter(run, first)).toEqual({ number: second, series: [part], lines: false })
    expect(await store().arrivedAfter(run, second)).toEqual({ number: second, series: [], lines: false })
    const all = await store().arrivedAfter(run, first - 1)
    expect(all?.series.flatMap(({ step }) => step)).toHaveLength(3)
  })

  it('reads from a new store what another has written: sealed chunks, tail, and late points', async () => {
    const run = newId()
    for (let from = 0; from < 5000; from += 100) await append(run, ramp('a', from, from + 100))
    await append(run, column('a', { 17: -1, 2500: -2, 4999: -3 }))
    const other = storePlatform()
    try {
      const series = await pointsStore(other).range(run, 'a', 0, 10_000)
      expect(series.step).toEqual(Array.from({ length: 5000 }, (_, step) => step))
      const expected = ramp('a', 0, 5000).value
      for (const [step, value] of [
        [17, -1],
        [2500, -2],
        [4999, -3],
      ] as const)
        expected[step] = value
      expect(series.value).toEqual(expected)
      expect((await pointsStore(other).latest(run))[0]).toMatchObject({
        points: 5000,
        lastStep: 4999,
        lastValue: -3,
      })
      expect((await pointsStore(other).range(run, 'a', 1500, 2)).step).toEqual([1500, 1501])
      expect((await pointsStore(other).tail(run, ['a'], 3))[0]?.step).toEqual([4997, 4998, 4999])
      /* It has seen none of the batches: whoever has seen some of them reads the whole, others hear of some points. */
      expect(await pointsStore(other).arrivedAfter(run, 3)).toBeNull()
      expect((await pointsStore(other).arrivedAfter(run, 0))?.series[0]?.step).toHaveLength(5000)
    } finally {
      await pointsStore(other).close()
    }
  })

  it('draws a curve in buckets, at any zoom, by step and by time', async () => {
    const run = newId()
    await append(
      run,
      ramp('a', 0, 30_000, (step) => (step === 20_000 ? 1e6 : step)),
    )
    const query = { width: 100, x: 'step' as const }
    const whole = (await store().chart(run, ['a'], query)).series[0]
    expect(whole?.raw).toBe(false)
    expect(whole?.count.reduce((sum, count) => sum + count)).toBe(30_000)
    expect(whole?.step.length).toBeLessThanOrEqual(100)
    expect(Math.max(...(whole?.max ?? []).map(Number))).toBe(1e6)
    expect(Math.min(...(whole?.min ?? []).map(Number))).toBe(0)
    const near = (await store().chart(run, ['a'], { ...query, from: 19_990, to: 20_010 })).series[0]
    expect(near).toMatchObject({ raw: true, step: Array.from({ length: 21 }, (_, place) => 19_990 + place) })
    expect(near?.mean[10]).toBe(1e6)
    const some = (await store().chart(run, ['a'], { width: 50, x: 'time', from: at + 5000, to: at + 5999 }))
      .series[0]
    expect(some?.count.reduce((sum, count) => sum + count)).toBe(1000)
    expect(some?.time[0]).toBe(at + 5000)
    // What lies in the same chunk as the range, and not in it, is no part of its first or last bucket.
    const range = { from: 10_000, to: 19_000 }
    const part = (await store().chart(run, ['a'], { ...query, ...range })).series[0]
    expect(part?.min[0]).toBeGreaterThan(range.from - 64)
    expect(part?.max.at(-1)).toBeLessThan(range.to + 64)
    expect((await store().chart(run, ['a'], { ...query, from: 40_000 })).series[0]?.step).toEqual([])
    expect((await store().chart(run, ['none'], query)).series).toEqual([])
    const json = new TextDecoder().decode(await store().chartJson(run, ['a'], query))
    expect(JSON.parse(json)).toEqual(await store().chart(run, ['a'], query))
    expect(routes['tracking.chart'].reply.strict().parse(JSON.parse(json))).toEqual(JSON.parse(json))
  })

  it('keeps log lines by number and time, so that parallel processes lose none', async () => {
    const run = newId()
    const line = (epoch: number, message: string, time = at): Line => ({
      epoch,
      time,
      level: 'INFO',
      message,
    })
    await store().append(run, { lines: [line(1, 'one process'), line(1, 'another', at + 1)] })
    await store().append(run, { lines: [line(1, 'one process')] })
    await store().append(run, { lines: [line(3, 'third'), line(2, 'second')] })
    const page = await store().lines(run, { limit: 10 })
    expect(page.items.map(({ message }) => message)).toEqual(['one process', 'another', 'second', 'third'])
    expect(page).toMatchObject({ total: 4, older: null })
    await store().append(run, { lines: [line(4, 'fourth')] })
    const more = await store().lines(run, { limit: 10, after: page.newer ?? '' })
    expect(more.items.map(({ message }) => message)).toEqual(['fourth'])
    const last = await store().lines(run, { limit: 2 })
    expect(last.items.map(({ message }) => message)).toEqual(['third', 'fourth'])
    const before = await store().lines(run, { limit: 2, before: last.older ?? '' })
    expect(before.items.map(({ message }) => message)).toEqual(['another', 'second'])
    const found = await store().lines(run, { limit: 10, search: 'SECOND' })
    expect(found.items.map(({ message }) => message)).toEqual(['second'])
  })

  it('frees what a run holds, and nothing else', async () => {
    const [run, other] = [newId(), newId()]
    const lines = [{ epoch: 1, time: at, level: 'INFO', message: 'said' }]
    for (const one of [run, other]) await store().append(one, { points: [ramp('a', 0, 3000)], lines })
    await store().deleteRun(run)
    expect(await store().latest(run)).toEqual([])
    expect(await store().lines(run, { limit: 5 })).toMatchObject({ items: [], total: 0 })
    expect((await store().range(other, 'a', 0, 5000)).step).toHaveLength(3000)
    await append(run, column('a', { 1: 7 }))
    expect((await store().tail(run, ['a'], 10))[0]?.value).toEqual([7])
  })
})
