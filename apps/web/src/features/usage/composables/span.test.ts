import { expect, test } from 'vitest'
import { spanDates } from './span.ts'

const now = new Date(2026, 0, 3, 15, 30)
const text = (date: Date) =>
  `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()} ${date.getHours()}`

test.each([
  ['today', '2026-1-3 0', '2026-1-4 0'],
  ['7d', '2025-12-28 0', '2026-1-4 0'],
  ['month', '2026-1-1 0', '2026-1-4 0'],
  ['last-month', '2025-12-1 0', '2026-1-1 0'],
] as const)('%s', (span, from, to) => {
  const dates = spanDates(span, now)
  expect([text(dates.from), text(dates.to)]).toEqual([from, to])
})
