import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Db, migrate, openInThread } from '../../../platform/db/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Line } from '../points-store.types.ts'
import { pointsFileMigrations } from './points.migrations.ts'
import { readMethods } from './store-methods.ts'
import { BatchWriter } from './write-batch.ts'

let folder: string
let db: Db
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'anneal-points-'))
  db = await openInThread(`sqlite:${path.join(folder, 'points.db')}`)
  await migrate(db, pointsFileMigrations)
})
afterAll(async () => {
  await db.close()
  rmSync(folder, { recursive: true })
})

/** Steps of one batch: from somewhere, so many, so far apart; some twice, in any order. */
const batch = fc.record({
  from: fc.oneof(fc.integer({ min: -50, max: 6000 }), fc.constant(2 ** 50)),
  count: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2500 })),
  stride: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 }), fc.constant(2 ** 33)),
  backwards: fc.boolean(),
  twice: fc.boolean(),
  /** Values repeat those of the same steps before, or are new. */
  salt: fc.integer({ min: 0, max: 2 }),
  /** A new writer knows only what lies in the file. */
  restart: fc.boolean(),
})
type Batch = typeof batch extends fc.Arbitrary<infer T> ? T : never

function pointsOf({ from, count, stride, backwards, twice, salt }: Batch) {
  const points = Array.from({ length: count }, (_, at) => {
    const step = from + at * stride
    const value =
      step % 97 === 0 ? Number.NaN : step % 101 === 0 ? Number.POSITIVE_INFINITY : step * 0.1 + salt
    return { step, value, time: 1_790_000_000_000 + (step % 100_000) * 250 - salt * 2 ** 33 }
  }).filter(({ step }) => Number.isSafeInteger(step))
  if (twice) points.push(...points.slice(0, 3).map((point) => ({ ...point, value: -1 })))
  return backwards ? points.toReversed() : points
}

const gap = (value: number) => (Number.isFinite(value) ? value : null)

const plain = { backwards: false, twice: false, salt: 0, restart: false }
/** Batches whose times run backwards from one step to the next: a block was once left out of their chart. */
const backwards = [
  { from: 0, count: 26, stride: 2 ** 33, ...plain },
  { from: 2 ** 50, count: 961, stride: 1, ...plain },
  { from: 608, count: 37, stride: 2 ** 33, ...plain },
  { from: 1844, count: 1821, stride: 2 ** 33, ...plain },
  { from: 0, count: 23, stride: 1, ...plain },
  { from: 23, count: 9, stride: 2 ** 33, ...plain },
  { from: 609, count: 1235, stride: 1, ...plain },
  { from: 2 ** 50, count: 1, stride: 2 ** 33, ...plain },
]

test('any batches, in any order, overlapping and twice, end as a simple map would', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 25 }), async (batches) => {
      const run = newId()
      const reference = new Map<number, { value: number; time: number }>()
      let writer = new BatchWriter(db)
      for (const one of batches) {
        const points = pointsOf(one)
        for (const { step, value, time } of points) reference.set(step, { value, time })
        if (one.restart) writer = new BatchWriter(db)
        const columns = {
          step: Float64Array.from(points, ({ step }) => step),
          value: Float64Array.from(points, ({ value }) => value),
          time: Float64Array.from(points, ({ time }) => time),
        }
        const written = { points: [{ key: 'a', columns }], types: new Map(), lines: [] }
        const number = await writer.append(run, written)
        expect(await writer.append(run, written)).toBe(number)
      }
      const steps = [...reference.keys()].toSorted((a, b) => a - b)
      const read = readMethods(db)
      const found = await read.range(run, 'a', Number.MIN_SAFE_INTEGER, 200_000)
      expect(found.step).toEqual(steps)
      expect(found.value).toEqual(steps.map((step) => gap(reference.get(step)!.value)))
      expect(found.time).toEqual(steps.map((step) => reference.get(step)!.time))
      const last = steps.at(-1)!
      expect(await read.latest(run)).toMatchObject([
        {
          points: steps.length,
          lastStep: last,
          lastValue: gap(reference.get(last)!.value),
          lastTime: reference.get(last)!.time,
        },
      ])
      for (const x of ['step', 'time'] as const) {
        for (const width of [1, 20, 4000]) {
          const [series] = (await read.chart(run, ['a'], { width, x })).series
          expect(series!.count.reduce((sum, count) => sum + count, 0)).toBe(steps.length)
          const finite = steps.flatMap((step) => gap(reference.get(step)!.value) ?? [])
          expect(Math.max(...series!.max.map((one) => one ?? -Infinity))).toBe(Math.max(...finite))
          expect(Math.min(...series!.min.map((one) => one ?? Infinity))).toBe(Math.min(...finite))
          expect(series!.notFinite).toBe(steps.length - finite.length)
        }
      }
      await writer.free(run)
    }),
    { numRuns: 40, examples: [[backwards]] },
  )
}, 120_000)

const lines = fc.array(
  fc.record({
    epoch: fc.integer({ min: 1, max: 400 }),
    time: fc.integer({ min: 0, max: 3 }),
    level: fc.constantFrom('INFO', 'ERROR'),
    message: fc.oneof(fc.string(), fc.constant('x'.repeat(30_000)), fc.constant('损失🙂')),
  }),
  { minLength: 1, maxLength: 60 },
)

test('any lines, in any order and twice, end as a simple map would', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(lines, { minLength: 1, maxLength: 20 }), async (batches) => {
      const run = newId()
      const writer = new BatchWriter(db)
      const reference = new Map<string, Line>()
      for (const batch of batches) {
        for (const line of batch) reference.set(`${line.epoch}:${line.time}`, line)
        await writer.append(run, { points: [], types: new Map(), lines: batch })
      }
      const expected = [...reference.values()].toSorted((a, b) => a.epoch - b.epoch || a.time - b.time)
      const read = readMethods(db)
      const whole = await read.lines(run, { limit: 5000 })
      expect(whole.items).toEqual(expected)
      expect(whole.total).toBe(expected.length)
      const paged: Line[] = []
      for (let before: string | undefined; ;) {
        const page = await read.lines(run, { limit: 7, before })
        paged.unshift(...page.items)
        if (page.older === null) break
        before = page.older
      }
      expect(paged).toEqual(expected)
      await writer.free(run)
    }),
    { numRuns: 40 },
  )
}, 120_000)

test('a full disk keeps nothing of a batch; with room again it is stored whole, and so is what follows', async () => {
  const run = newId()
  const writer = new BatchWriter(db)
  const batch = (from: number) => {
    const step = Float64Array.from({ length: 3000 }, (_, at) => from + at)
    const columns = { step, value: step.map(() => Math.random()), time: step.slice() }
    return { points: [{ key: 'a', columns }], types: new Map(), lines: [] }
  }
  const number = await writer.append(run, batch(0))
  /* The limit is never set below what is there. */
  await db.execute('pragma max_page_count = 1')
  await expect(writer.append(run, batch(3000))).rejects.toMatchObject({ code: 'platform.no-space' })
  await db.execute('pragma max_page_count = 1000000')
  const read = readMethods(db)
  expect(await read.latest(run)).toMatchObject([{ points: 3000, lastStep: 2999 }])
  expect(await writer.append(run, batch(3000))).toBe(number + 1)
  expect((await read.range(run, 'a', 0, 10_000)).step).toEqual(Array.from({ length: 6000 }, (_, at) => at))
})
