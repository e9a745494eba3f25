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

/** Texts with more differences than that are not compared to the end: the page would stand still meanwhile. */
const limits = { timeout: 300, maxEditLength: 4000 }
/** Splitting a longer text into words alone takes too long. */
const wordDiffLimit = 300_000

function whole(before: string, after: string): DiffPart[] {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: after }]
  const parts: DiffPart[] = [
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ]
  return parts.filter(({ text }) => text !== '')
}

/** What must be added to and removed from `before` to get `after`, by words; by lines where too much differs. */
export function wordDiff(before: string, after: string, timeout = limits.timeout): DiffPart[] {
  const isShort = before.length + after.length <= wordDiffLimit
  const options = { ...limits, timeout, ...(segmenter ? { intlSegmenter: segmenter } : {}) }
  const changes = isShort ? diffWordsWithSpace(before, after, options) : undefined
  return changes ? toParts(changes) : lineDiff(before, after)
}

/** The same by whole lines; one for the other where too much differs. */
export function lineDiff(before: string, after: string): DiffPart[] {
  const changes = diffLines(before, after, limits)
  return changes ? toParts(changes) : whole(before, after)
}

/** Words of a text; Chinese ones where the browser can tell them apart. */
export function countWords(text: string): number {
  if (!segmenter) return text.split(/\s+/).filter(Boolean).length
  let count = 0
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) count += 1
  return count
}
