import { expect, test } from 'vitest'
import { definitionsOf, isScalarType, mediaOf } from './parse-media.ts'

const now = Date.parse('2026-01-01T00:00:00Z')

test('paths with what stands beside them; one text alone; an item without either is left out', () => {
  const items = [
    { key: 'a', index: 1, data: ['p', 'q'], more: [{ caption: 'c' }], create_time: '2026-01-02T00:00:00Z' },
    { key: 'b', index: 2, data: 'a text', more: [null] },
    { key: 'c', index: 3, data: [] },
    { key: '', index: 3, data: ['x'] },
    { key: 'd', index: 1.5, data: ['x'] },
    null,
  ]
  expect(mediaOf(items, now)).toEqual([
    {
      key: 'a',
      step: 1,
      time: Date.parse('2026-01-02T00:00:00Z'),
      data: ['p', 'q'],
      more: [{ caption: 'c' }, null],
    },
    { key: 'b', step: 2, time: now, data: ['a text'], more: [null] },
  ])
})

test('a text beyond a mebibyte is cut, and what is too long to be a caption left out', () => {
  const [medium] = mediaOf(
    [{ key: 'a', index: 1, data: ['x'.repeat(2 ** 20 + 5)], more: [{ caption: 'y'.repeat(70_000) }] }],
    now,
  )
  expect(medium?.data[0]).toHaveLength(2 ** 20)
  expect(medium?.more).toEqual([null])
})

test('definitions of both protocols', () => {
  const list = [
    { key: 'acc', type: 'float', sectionName: 'Validation', xAxis: 'epoch', hidden: true },
    { key: 'gpu', type: 'FLOAT', metricName: 'GPU 0' },
    { type: 'FLOAT' },
  ]
  expect(definitionsOf(list)).toEqual([
    { series_key: 'acc', type: 'FLOAT', name: null, section: 'Validation', x_axis: 'epoch', hidden: 1 },
    { series_key: 'gpu', type: 'FLOAT', name: 'GPU 0', section: null, x_axis: null, hidden: 0 },
  ])
  expect([isScalarType('FLOAT'), isScalarType('SYSTEM'), isScalarType('image')]).toEqual([true, true, false])
})
