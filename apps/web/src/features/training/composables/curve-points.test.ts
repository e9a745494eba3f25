import { expect, test } from 'vitest'
import { type Curve, putPoints } from './curve-points.ts'

const curve = (): Curve => ({ key: 'train/loss', x: [], y: [] })

test('points are appended in place', () => {
  const one = curve()
  const { x } = one
  putPoints(one, [1, 2], [3, 2])
  putPoints(one, [4], [1])
  expect(one.x).toBe(x)
  expect(one).toMatchObject({ x: [1, 2, 4], y: [3, 2, 1] })
})

test('a step that comes again takes the place of the one before', () => {
  const one = curve()
  putPoints(one, [1, 2, 3], [3, 2, 1])
  putPoints(one, [2], [9])
  putPoints(one, [3], [null])
  expect(one).toMatchObject({ x: [1, 2, 3], y: [3, 9, null] })
})

test('a point that comes late finds its place', () => {
  const one = curve()
  putPoints(one, [1, 5], [1, 5])
  putPoints(one, [3, 0], [3, 0])
  expect(one).toMatchObject({ x: [0, 1, 3, 5], y: [0, 1, 3, 5] })
})
