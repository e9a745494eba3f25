import { diffLines, diffWordsWithSpace } from 'diff'

export interface DiffPart {
  kind: 'same' | 'added' | 'removed'
  text: string
}

const toParts = (changes: readonly { value: string; added?: boolean; removed?: boolean }[]): DiffPart[] =>
  changes.map(({ value, added, removed }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }))

/** Chinese has no spaces between words: the browser's own segmenter finds them where it has one. */
const segmenter =
  typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(undefined, { granularity: 'word' }) : undefined

/** What must be added to and removed from `before` to get `after`, by words. */
export function wordDiff(before: string, after: string): DiffPart[] {
  return toParts(diffWordsWithSpace(before, after, segmenter ? { intlSegmenter: segmenter } : {}))
}

/** The same by whole lines. */
export function lineDiff(before: string, after: string): DiffPart[] {
  return toParts(diffLines(before, after))
}

/** Words of a text; Chinese ones where the browser can tell them apart. */
export function countWords(text: string): number {
  if (!segmenter) return text.split(/\s+/).filter(Boolean).length
  let count = 0
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) count += 1
  return count
}
