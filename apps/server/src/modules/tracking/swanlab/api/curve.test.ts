import { expect, test } from 'vitest'
import { finiteCurve, standingOut, statisticsOf } from './curve.ts'

const range = (count: number) => Array.from({ length: count }, (_, at) => at)

test('few points are all kept', () => {
  expect(standingOut([1, 2, 3], [5, 5, 5], 10)).toEqual([0, 1, 2])
  expect(standingOut([], [], 10)).toEqual([])
})

test('of many, as many are chosen as asked for: the ends, and what stands out', () => {
  const x = range(10_000)
  const y = x.map((at) => (at === 4321 ? 1000 : Math.sin(at / 500)))
  const chosen = standingOut(x, y, 100)
  expect(chosen).toHaveLength(100)
  expect([chosen[0], chosen.at(-1)]).toEqual([0, 9999])
  expect(chosen).toContain(4321)
  expect(chosen).toEqual([...new Set(chosen)].toSorted((a, b) => a - b))
})

test('a series is read page by page to its end, without what is no number', async () => {
  const steps = range(120_000)
  const asked: number[] = []
  const store = {
    async range(_run: string, key: string, from: number, limit: number) {
      asked.push(from)
      const step = steps.filter((one) => one >= from).slice(0, limit)
      return { key, step, value: step.map((one) => (one === 7 ? null : one)), time: step }
    },
  }
  const curve = await finiteCurve(store, 'run', 'a')
  expect(curve.step).toHaveLength(119_999)
  expect(curve.step.at(-1)).toBe(119_999)
  expect(asked).toHaveLength(3)
})

test('statistics of a curve; none of an empty one', () => {
  const value = [4, 1, 3, 2]
  expect(statisticsOf({ step: range(4), value, time: range(4) })).toMatchObject({
    min: 1,
    max: 0,
    latest: 3,
    avg: 2.5,
    median: 2.5,
    stdDev: Math.sqrt(1.25),
  })
  expect(statisticsOf({ step: [], value: [], time: [] })).toBeNull()
})
