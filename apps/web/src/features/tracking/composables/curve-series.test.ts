import { expect, test } from 'vitest'
import { pointsOn, seriesOf, storedRange } from './curve-series.ts'
import { portionsOf } from './key-portions.ts'

const run = { id: 'r', name: 'run', colour: 'var(--an-s1)', dashed: false, live: true, startedAt: 10_000 }
const curve = {
  key: 'loss',
  step: [1, 2, 3],
  time: [11_000, 12_000, 13_500],
  min: [1, null, 3],
  max: [1, null, 3],
  mean: [1, null, 3],
  count: [1, 1, 1],
  notFinite: 1,
  raw: true,
}

test.each([
  ['step', [1, 2, 3]],
  ['time', [11_000, 12_000, 13_500]],
  ['relative', [1, 2, 3.5]],
] as const)('by %s', (axis, x) => {
  expect(seriesOf(run, curve, axis)).toMatchObject({ key: 'r', x, y: [1, null, 3] })
})

test('buckets that hold several points have a band, single points have none', () => {
  expect(seriesOf(run, curve, 'step')).not.toHaveProperty('low')
  const buckets = { ...curve, min: [0, null, 3], max: [9, null, 3], count: [7, 2, 1], raw: false }
  expect(seriesOf(run, buckets, 'step')).toMatchObject({ low: [0, null, 3], high: [9, null, 3] })
})

test('a range is asked for in the unit of what is stored', () => {
  expect(storedRange('step', run, [1.2, 2.7])).toEqual({ from: 1, to: 3 })
  expect(storedRange('relative', run, [1, 2.5])).toEqual({ from: 11_000, to: 12_500 })
  expect(storedRange('time', run, null)).toEqual({ from: undefined, to: undefined })
})

test('new points outside the range are left out', () => {
  const points = { step: [1, 2, 3], value: [1, null, 3], time: [11_000, 12_000, 13_000] }
  expect(pointsOn('step', run, points, [2, 9])).toEqual({ x: [2, 3], y: [null, 3] })
  expect(pointsOn('relative', run, points, null)).toEqual({ x: [1, 2, 3], y: [1, null, 3] })
})

test('keys are asked for in portions that an address can hold', () => {
  const keys = (count: number, length: number) =>
    Array.from({ length: count }, (_, at) => ({ key: `${at}`.padEnd(length, '键') }))
  expect(portionsOf(keys(130, 10)).map((portion) => portion.length)).toEqual([60, 60, 10])
  const long = portionsOf(keys(4, 512))
  expect(long).toHaveLength(4)
  expect(portionsOf([])).toEqual([])
})
