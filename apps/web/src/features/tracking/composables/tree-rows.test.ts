import { expect, test } from 'vitest'
import { treeRows } from './tree-rows.ts'

const data = {
  lr: 2e-4,
  data: { name: 'support', split: { train: 0.9 } },
  list: ['a', 'b'],
  none: {},
  off: null,
}
const shown = (search: string) => treeRows(data, search).map(({ path, value }) => `${path}=${value}`)

test('nested data comes as rows, branches first', () => {
  expect(treeRows(data, '').map(({ key, depth, value }) => [key, depth, value])).toEqual([
    ['lr', 0, '0.0002'],
    ['data', 0, null],
    ['name', 1, 'support'],
    ['split', 1, null],
    ['train', 2, '0.9'],
    ['list', 0, null],
    ['0', 1, 'a'],
    ['1', 1, 'b'],
    ['none', 0, '{}'],
    ['off', 0, 'null'],
  ])
})

test('a search keeps what holds it, and what it stands under', () => {
  expect(shown('TRAIN')).toEqual(['data=null', 'data.split=null', 'data.split.train=0.9'])
  expect(shown('split')).toEqual(['data=null', 'data.split=null', 'data.split.train=0.9'])
  expect(shown('nothing')).toEqual([])
  expect(treeRows('text', '')).toEqual([])
})
