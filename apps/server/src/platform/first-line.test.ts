import { expect, test } from 'vitest'
import { firstLine } from './first-line.ts'

test.each([
  ['\n  Why is the sky blue?  \nAnd the sea?', 80, 'Why is the sky blue?'],
  ['abcdef', 6, 'abcdef'],
  ['abc defg', 5, 'abc…'],
  ['😀😀😀😀', 3, '😀😀…'],
  ['  \n ', 5, ''],
])('%j within %d', (text, longest, expected) => {
  expect(firstLine(text, longest)).toBe(expected)
})
