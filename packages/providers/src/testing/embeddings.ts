import { asArray, asCount, asString } from '../json.ts'
import type { JsonRecord } from '../json.ts'
import { seededRandom } from './script.ts'

const DEFAULT_LENGTH = 8

/** Texts as they are; a text that came as the numbers of its tokens, as these numbers. */
const textsOf = (input: unknown): string[] => {
  const list = asArray(input)
  if (typeof input === 'string' || typeof list[0] === 'number') return [String(input)]
  return list.map((text) => asString(text) ?? asArray(text).join())
}

/** A vector that follows from its text, so that the same text gives the same one. */
const vectorOf = (text: string, length: number): number[] => {
  let seed = 2_166_136_261
  for (const character of text) seed = Math.imul(seed ^ (character.codePointAt(0) ?? 0), 16_777_619)
  const random = seededRandom(seed)
  return Array.from({ length }, () => Math.round((random() * 2 - 1) * 1e6) / 1e6)
}

/** Vectors and a count of tokens for the body of a request, whichever provider's. */
export const embeddingsFor = (body: JsonRecord): { vectors: number[][]; tokens: number } => {
  const texts = textsOf(body.input)
  const length = asCount(body.dimensions) ?? DEFAULT_LENGTH
  return {
    vectors: texts.map((text) => vectorOf(text, length)),
    tokens: texts.reduce((sum, text) => sum + Math.max(1, Math.ceil(text.length / 4)), 0),
  }
}
