import { expect, test } from 'vitest'
import { csvLine } from './csv.ts'

test.each([
  [['a', 1, null, -2.5], 'a,1,,-2.5\r\n'],
  [['say "it", twice', 'two\nlines'], '"say ""it"", twice","two\nlines"\r\n'],
  [['=cmd()', '+1x', '-3', '@a'], "'=cmd(),'+1x,-3,'@a\r\n"],
  [['淬炼'], '淬炼\r\n'],
])('%j is one line', (values, line) => {
  expect(csvLine(values)).toBe(line)
})
