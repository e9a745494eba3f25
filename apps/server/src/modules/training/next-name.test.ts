import { expect, test } from 'vitest'
import { nextName } from './next-name.ts'

test.each([
  ['tone', [], 'tone (2)'],
  ['tone', ['tone (2)'], 'tone (3)'],
  ['tone (2)', ['tone', 'tone (2)'], 'tone (3)'],
  ['Tone', ['tone (2)', 'tone (3)'], 'Tone (4)'],
  ['(2)', [], '(2) (2)'],
  ['x'.repeat(200), [], `${'x'.repeat(196)} (2)`],
])('%s is started again as the next free name', (name, taken, next) => {
  expect(nextName(name, new Set(taken))).toBe(next)
})
