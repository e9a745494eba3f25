export type JsonRecord = Record<string, unknown>

export const asRecord = (value: unknown): JsonRecord | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined

export const asArray = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

export const asString = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

/** More than any call has, and little enough that the sum of a few fits a column of 32 bits. */
const LARGEST_COUNT = 2 ** 29

/** A count: a whole number that is not negative, whatever the other side makes of it. */
export const asCount = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? Math.min(Math.round(value), LARGEST_COUNT)
    : undefined
