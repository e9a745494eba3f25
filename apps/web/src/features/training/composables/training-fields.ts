import type { Settings } from '../training.api.ts'

export type NumberField = keyof Settings | 'rank' | 'alpha' | 'dropout'

interface Limits {
  min: number
  max: number
  whole: boolean
}

/** What the contract accepts; said at the field before anything is sent. */
export const limits: Readonly<Record<NumberField, Limits>> = {
  steps: { min: 1, max: 10_000_000, whole: true },
  learningRate: { min: 0, max: 1, whole: false },
  batchSize: { min: 1, max: 4096, whole: true },
  gradientAccumulation: { min: 1, max: 4096, whole: true },
  maxLength: { min: 16, max: 1_000_000, whole: true },
  saveEvery: { min: 1, max: 10_000_000, whole: true },
  seed: { min: 0, max: 2 ** 31 - 1, whole: true },
  rank: { min: 1, max: 512, whole: true },
  alpha: { min: 1, max: 2048, whole: false },
  dropout: { min: 0, max: 0.9, whole: false },
}

/** As typed: spaces and thousands commas are allowed, `2e-4` too; NaN for what is no number. */
export function parseNumber(text: string): number {
  const plain = text.trim().replace(/[\s,，]/g, '')
  return plain === '' ? NaN : Number(plain)
}

export function isValid(field: NumberField, value: number): boolean {
  const { min, max, whole } = limits[field]
  if (!Number.isFinite(value) || value < min || value > max) return false
  if (field === 'learningRate' && value === 0) return false
  return !whole || Number.isInteger(value)
}

/** A short form of a name for another: letters, digits and dashes. */
export function slug(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
}

/** `wish`, or `wish-2` and so on where it is taken already. */
export function freeName(wish: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wish.toLowerCase())) return wish
  for (let number = 2; ; number++) {
    const name = `${wish}-${number}`
    if (!taken.has(name.toLowerCase())) return name
  }
}
