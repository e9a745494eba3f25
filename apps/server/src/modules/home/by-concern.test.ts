import { expect, test } from 'vitest'
import { byConcern } from './by-concern.ts'

test('what fails comes first, what was never called after what is used, and each kind keeps its order', () => {
  const healths = ['unknown', 'ok', 'off', 'failing', 'slow', 'ok', 'failing'] as const
  const models = healths.map((health, id) => ({ health, id }))
  expect(byConcern(models).map(({ id }) => id)).toEqual([3, 6, 4, 1, 5, 0, 2])
})
