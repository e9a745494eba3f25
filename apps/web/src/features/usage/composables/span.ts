export const spans = ['today', '7d', '30d', 'month', 'last-month', '90d'] as const
export type Span = (typeof spans)[number]

const dayStart = (now: Date, back: number) =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() - back)

/** Whole days by this browser's clock, today included; the end does not belong to the span. */
export function spanDates(span: Span, now = new Date()): { from: Date; to: Date } {
  const tomorrow = dayStart(now, -1)
  switch (span) {
    case 'today':
      return { from: dayStart(now, 0), to: tomorrow }
    case '7d':
      return { from: dayStart(now, 6), to: tomorrow }
    case '30d':
      return { from: dayStart(now, 29), to: tomorrow }
    case '90d':
      return { from: dayStart(now, 89), to: tomorrow }
    case 'month':
      return { from: new Date(now.getFullYear(), now.getMonth(), 1), to: tomorrow }
    case 'last-month':
      return {
        from: new Date(now.getFullYear(), now.getMonth() - 1, 1),
        to: new Date(now.getFullYear(), now.getMonth(), 1),
      }
  }
}
