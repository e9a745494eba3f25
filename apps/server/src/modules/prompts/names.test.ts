import { expect, test } from 'vitest'
import { freeName, nameKey } from './names.ts'

test('a name that is taken, whatever the case, gets the first free number and stays within its length', () => {
  const taken = new Set(['support-reply', 'support-reply-2', 'x'.repeat(100)].map(nameKey))
  expect(freeName('Support', taken)).toBe('Support')
  expect(freeName('Support-Reply', taken)).toBe('Support-Reply-3')
  expect(freeName('x'.repeat(100), taken)).toBe(`${'x'.repeat(98)}-2`)
})
