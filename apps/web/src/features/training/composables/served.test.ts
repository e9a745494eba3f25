import { expect, test } from 'vitest'
import type { Deployment } from '../training.api.ts'
import { bestOf } from './served.ts'

const one = (id: string, state: Deployment['state'], modelId: string | null = null) =>
  ({ id, state, modelId }) as Deployment

test('what serves comes before what starts, and that before the newest', () => {
  const failed = one('failed', 'failed')
  const starting = one('starting', 'starting')
  const serving = one('serving', 'serving', 'model')
  expect(bestOf([failed, starting, serving])).toBe(serving)
  expect(bestOf([failed, starting])).toBe(starting)
  expect(bestOf([failed, one('stopped', 'stopped')])).toBe(failed)
  expect(bestOf([])).toBeUndefined()
})

test('one that serves but is no model yet cannot answer', () => {
  const serving = one('serving', 'serving', null)
  const ready = one('ready', 'serving', 'model')
  expect(bestOf([serving, ready])).toBe(ready)
})
