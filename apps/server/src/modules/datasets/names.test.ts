import { expect, test } from 'vitest'
import { freeName } from './names.ts'

test('a taken name gets the first number that is free, within 200 characters', () => {
  expect(freeName('Data', new Set())).toBe('Data')
  expect(freeName('Data', new Set(['data', 'data 2']))).toBe('Data 3')
  const long = 'x'.repeat(200)
  expect(freeName(long, new Set([long]))).toBe(`${'x'.repeat(198)} 2`)
})
