import { expect, test } from 'vitest'
import { columnId, columnOf, defaultColumns, shortNames } from './columns.ts'

const metric = (key: string) => ({
  key,
  type: 'FLOAT',
  runs: 1,
  name: null,
  section: null,
  xAxis: null,
  hidden: false,
})

test('losses and the usual settings come first', () => {
  const keys = {
    metrics: ['__swanlab__.cpu.pct', 'eval/loss', 'train/lossy', 'train/loss'].map(metric),
    settings: ['seed', 'rank', 'learning_rate'],
  }
  expect(defaultColumns(keys).map(columnId)).toEqual([
    'value:train/loss',
    'value:eval/loss',
    'setting:learning_rate',
    'setting:rank',
  ])
  expect(defaultColumns({ metrics: [metric('accuracy')], settings: [] }).map(columnId)).toEqual([
    'value:accuracy',
  ])
})

test('a column is found again by its name', () => {
  expect(columnOf('value:a:b')).toEqual({ kind: 'value', key: 'a:b' })
  expect([columnOf('other:a'), columnOf('')]).toEqual([null, null])
})

test('heads are short where that leaves them apart', () => {
  expect(shortNames(['train/loss', 'eval/loss', 'eval/x/loss', 'train/lr', 'a/', '/'])).toEqual([
    'loss',
    'eval',
    'eval/x/loss',
    'lr',
    'a',
    '/',
  ])
  expect(shortNames(['learning_rate', 'train/learning_rate', 'constructor'])).toEqual([
    'lr',
    'learning_rate',
    'constructor',
  ])
})
