import { expect, test } from 'vitest'
import { RowIndex, RowIndexBuilder } from './row-index.ts'

test.each([8, 64, 4096])('with at most %i entries every good row is within reach of one', (most) => {
  const builder = new RowIndexBuilder(most)
  const rows: { line: number; start: number }[] = []
  let start = 0
  for (let line = 1; line <= 20_000; line++) {
    // Now and then a long stretch without good rows.
    start += line % 997 === 0 ? 500_000 : 90
    if (line % 13 !== 0) rows.push({ line, start })
  }
  for (const row of rows) builder.add(row.line, row.start)
  const index = new RowIndex(builder.toBuffer())
  expect(index.length).toBeLessThanOrEqual(most)
  rows.forEach((row, position) => {
    const entry = index.entry(index.before('position', position))
    expect(entry && entry.position <= position && row.start - entry.start <= index.reach).toBe(true)
    expect(index.before('line', row.line)).toBe(index.before('position', position))
  })
})

test('an index without rows', () => {
  const index = new RowIndex(new RowIndexBuilder().toBuffer())
  expect([index.length, index.entry(index.before('line', 5))]).toEqual([0, undefined])
})
