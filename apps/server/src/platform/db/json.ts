import { cleanText } from './bind.ts'

const unclean = /\\u(?:0000|d[89a-f])/i

/** JSON for a column: equal on every database, without NUL or half surrogates in its strings. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value)
  if (!unclean.test(text)) return text
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'string' ? cleanText(inner) : inner))
}

/** What `toJson` stored. The caller names the type that it wrote. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text) as T
}
