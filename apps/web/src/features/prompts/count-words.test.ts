import { expect, test } from 'vitest'
import { countWords } from './count-words.ts'

test.each([
  ['', 0],
  ['Open Tool › Load and enter 4.8 kg.', 7],
  ["don't stop — 2 words", 4],
  ['步骤一：打开 Tool', 6],
])('%j', (text, words) => {
  expect(countWords(text)).toBe(words)
})
