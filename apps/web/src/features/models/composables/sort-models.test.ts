import { describe, expect, test } from 'vitest'
import type { Model } from '../models.api.ts'
import { sortModels } from './sort-models.ts'

const model = (name: string, contextWindow: number | null, health = 'ok') =>
  ({ name, contextWindow, health, price: null }) as Model
const models = [model('b', null), model('a', 2), model('c', 1, 'failing')]
const names = (sort: { key: string; down: boolean } | null) => sortModels(models, sort).map((one) => one.name)

describe('sortModels', () => {
  test('what fails comes first where no order is asked for', () => {
    expect(names(null)).toEqual(['c', 'b', 'a'])
  })
  test('by name, both ways', () => {
    expect(names({ key: 'name', down: false })).toEqual(['a', 'b', 'c'])
    expect(names({ key: 'name', down: true })).toEqual(['c', 'b', 'a'])
  })
  test('what has no figure comes last, whichever way', () => {
    expect(names({ key: 'context', down: false })).toEqual(['c', 'a', 'b'])
    expect(names({ key: 'context', down: true })).toEqual(['a', 'c', 'b'])
  })
})
