import { describe, expect, it, test } from 'vitest'
import {
  ChartData,
  createSmoother,
  gapsOf,
  isDashed,
  isolatedRows,
  nearestRow,
  sampleRows,
  seriesColour,
  tipLeft,
} from './line-chart.ts'

const plain = { smoothing: 0, log: false }

test.each([
  ['right of the place', 50, 100, 60],
  ['left of it where the right has no room', 250, 100, 140],
  ['within the chart where neither has', 150, 200, 100],
  ['at its edge where it is wider than the chart', 150, 400, 0],
])('a tip stands %s', (_, place, tip, left) => expect(tipLeft(place, tip, 300)).toBe(left))

describe('createSmoother', () => {
  it('is not pulled to zero at its start', () => {
    const smooth = createSmoother(0.9)
    expect(smooth(2)).toBeCloseTo(2, 10)
    // (0.9·0.1·2 + 0.1·4) / (1 − 0.81)
    expect(smooth(4)).toBeCloseTo(0.58 / 0.19, 10)
  })
})

describe('ChartData', () => {
  it('joins series of their own x: undefined where another alone has a point, null for a gap', () => {
    const data = new ChartData(
      [
        { key: 'train', name: 'train', x: [1, 2, 3, 4], y: [4, NaN, 2, 1] },
        { key: 'eval', name: 'eval', x: [2, 4], y: [3, 2], points: true },
      ],
      plain,
    )
    expect(data.data).toEqual([
      [1, 2, 3, 4],
      [4, null, 2, 1],
      [undefined, 3, undefined, 2],
    ])
    expect(data.tracks.map((track) => track.gaps)).toEqual([1, 0])
  })

  it('keeps what each value stands for, also through points that come out of order', () => {
    const band = { key: 'a', name: 'a', x: [1, 3], y: [2, 5], low: [1, 0], high: [4, 90] }
    const data = new ChartData([band, { key: 'b', name: 'b', x: [2], y: [7] }], {
      smoothing: 0.5,
      log: false,
    })
    const [a, b] = data.tracks
    expect(data.x.map((_, row) => data.rangeAt(a!, row))).toEqual([[1, 4], null, [0, 90]])
    expect(data.x.map((_, row) => data.rangeAt(b!, row))).toEqual([null, null, null])
    data.append('a', [4, 0], [6, 8])
    expect(data.x).toEqual([0, 1, 2, 3, 4])
    expect(data.columns[a!.highest]).toEqual([8, 4, undefined, 90, 6])
    expect(data.rangeAt(a!, 1)).toEqual([1, 4])
    expect(data.rangeAt(a!, 4)).toBeNull()
  })

  it('leaves out of a band what a logarithmic axis cannot show', () => {
    const band = { key: 'a', name: 'a', x: [1], y: [2], low: [-1], high: [4] }
    const data = new ChartData([band], { smoothing: 0, log: true })
    expect(data.columns[data.tracks[0]!.lowest]).toEqual([null])
    expect(data.columns[data.tracks[0]!.highest]).toEqual([4])
  })

  it('smooths over gaps and leaves points alone', () => {
    const series = [
      { key: 'a', name: 'a', x: [1, 2, 3], y: [2, null, 4] },
      { key: 'p', name: 'p', x: [1], y: [9], points: true },
    ]
    const data = new ChartData(series, { smoothing: 0.9, log: false })
    expect(data.columns).toHaveLength(3)
    expect(data.columns[0]).toEqual([2, null, 4])
    expect(data.columns[1]?.[1]).toBeNull()
    expect(data.columns[1]?.[2]).toBeCloseTo(0.58 / 0.19, 10)
  })

  it('appends without rebuilding, also where another series already has the x', () => {
    const data = new ChartData(
      [
        { key: 'a', name: 'a', x: [1], y: [5] },
        { key: 'b', name: 'b', x: [], y: [] },
      ],
      plain,
    )
    const column = data.columns[0]
    data.append('a', [2, 3], [4, 3])
    data.append('b', new Float64Array([2]), new Float64Array([7]))
    expect(data.columns[0]).toBe(column)
    expect(data.data).toEqual([
      [1, 2, 3],
      [5, 4, 3],
      [undefined, 7, undefined],
    ])
  })

  it('takes points out of order, and the last of one x', () => {
    const data = new ChartData([{ key: 'a', name: 'a', x: [1, 3], y: [1, 3] }], plain)
    data.append('a', [2, 3], [2, 30])
    expect(data.data).toEqual([
      [1, 2, 3],
      [1, 2, 30],
    ])
    data.append('unknown', [4], [4])
    expect(data.x).toEqual([1, 2, 3])
    data.replace('a', [1], [9])
    expect(data.data).toEqual([[1], [9]])
  })

  it('gives the same whatever the pieces it arrives in', () => {
    const x = Array.from({ length: 200 }, (_, index) => index)
    const y = x.map((value) => (value % 17 === 0 ? NaN : Math.sin(value)))
    const whole = new ChartData([{ key: 'a', name: 'a', x, y }], { smoothing: 0.6, log: false })
    const pieces = new ChartData([{ key: 'a', name: 'a', x: [], y: [] }], { smoothing: 0.6, log: false })
    for (let at = 0; at < 200; at += 7) pieces.append('a', x.slice(at, at + 7), y.slice(at, at + 7))
    expect(pieces.data).toEqual(whole.data)
  })

  it('leaves out what a log scale cannot show', () => {
    const data = new ChartData([{ key: 'a', name: 'a', x: [1, 2, 3], y: [1, 0, -1] }], {
      smoothing: 0,
      log: true,
    })
    expect(data.columns[0]).toEqual([1, null, null])
  })
})

it('tells series apart by colour, then by dashes', () => {
  expect([seriesColour(0), seriesColour(8)]).toEqual(['var(--an-s1)', 'var(--an-s1)'])
  expect([5, 6, 7, 8].map(isDashed)).toEqual([false, true, true, false])
})

it('samples rows with both ends', () => {
  expect(sampleRows(3, 5)).toEqual([0, 1, 2])
  expect(sampleRows(101, 5)).toEqual([0, 25, 50, 75, 100])
})

describe('the nearest value', () => {
  const x = [0, 1, 2, 3, 10]
  const column = [5, undefined, undefined, null, 7]
  it.each([
    [0, 9, 0],
    [1, 1, 0],
    [2, 1, 3],
    [2, 0.5, -1],
    [4, 0, 4],
    [7, 3, -1],
  ])('from row %d within %d is row %d', (at, reach, row) => {
    expect(nearestRow(x, column, at, reach)).toBe(row)
  })
})

it('says where there is no number', () => {
  expect(gapsOf([1, 2, 3, 4, 5, 6], [1, null, Number.NaN, 4, null, 6])).toEqual([
    [2, 3],
    [5, 5],
  ])
  expect(gapsOf([1, 2], [1, 2])).toEqual([])
})

it.each([
  [[1], [0]],
  [
    [1, null, 3],
    [0, 2],
  ],
  [[1, undefined, 2, null, 3, undefined, null], [4]],
  [[null, undefined, 4, 5, 6], []],
  [[], []],
])('finds values that no line shows: %j', (column, rows) => {
  expect(isolatedRows(column)).toEqual(rows)
})
