import { countWords, type DiffPart } from '../text-diff.ts'

export type DiffPiece =
  | { kind: 'same' | 'added' | 'removed'; text: string }
  | { kind: 'folded'; words: number; text: string }

/**
 * Changes that only a blank or a word or two stand between are one change: two sentences that share an 'and' are read
 * as exchanged, not word by word. Removed before added, as they are shown.
 */
export function joinChanges(parts: readonly DiffPart[]): DiffPart[] {
  const close = joinAcross(parts, (words) => words === 0)
  return joinAcross(close, (words, before, after) => 2 * words <= Math.min(before, after))
}

type Bridge = (words: number, before: number, after: number) => boolean

function joinAcross(parts: readonly DiffPart[], isBridge: Bridge): DiffPart[] {
  const joined: DiffPart[] = []
  let removed = ''
  let added = ''
  function flush(): void {
    if (removed) joined.push({ kind: 'removed', text: removed })
    if (added) joined.push({ kind: 'added', text: added })
    removed = added = ''
  }
  parts.forEach(({ kind, text }, index) => {
    if (kind === 'removed') removed += text
    else if (kind === 'added') added += text
    else {
      const after = changeAfter(parts, index)
      const before = Math.max(countWords(removed), countWords(added))
      if ((removed || added) && after !== null && isBridge(countWords(text), before, after)) {
        removed += text
        added += text
      } else {
        flush()
        joined.push({ kind, text })
      }
    }
  })
  flush()
  return joined
}

/** Words of the change that follows at once; null where none does. */
function changeAfter(parts: readonly DiffPart[], index: number): number | null {
  const next = parts.slice(index + 1, index + 3)
  const end = next.findIndex((part) => part.kind === 'same')
  const change = end === -1 ? next : next.slice(0, end)
  return change.length === 0 ? null : Math.max(...change.map((part) => countWords(part.text)))
}

/** So many removed words stand struck through where they were; more are only counted. */
const shownRemoved = 2

/**
 * Parts of a diff laid over the pieces of text that `after` consists of (the text nodes of a document), one list a
 * piece. What was removed stands before the next text that is not blank, or at the very end.
 */
export function layDiff(parts: readonly DiffPart[], texts: readonly string[]): DiffPiece[][] {
  const laid: DiffPiece[][] = texts.map(() => [])
  const lastText = texts.findLastIndex((text) => text.trim() !== '')
  let at = 0
  let offset = 0
  let held = ''

  function release(place: number): void {
    if (held.trim() !== '') laid[place]?.push(removedPiece(held))
    held = ''
  }
  for (const { kind, text } of parts) {
    if (kind === 'removed') {
      held += text
      continue
    }
    for (let rest = text.length; rest > 0 && at < texts.length;) {
      const piece = (texts[at] ?? '').slice(offset, offset + rest)
      if (piece.trim() !== '') release(at)
      if (piece !== '') laid[at]?.push({ kind: piece.trim() === '' ? 'same' : kind, text: piece })
      rest -= piece.length
      offset += piece.length
      if (offset >= (texts[at] ?? '').length) {
        at += 1
        offset = 0
      }
    }
  }
  release(lastText === -1 ? 0 : lastText)
  return laid
}

function removedPiece(text: string): DiffPiece {
  const words = countWords(text)
  return words > shownRemoved ? { kind: 'folded', words, text: text.trim() } : { kind: 'removed', text }
}

/** How much of two texts differs, by words: 0 for the same, 1 for nothing in common. */
export function changedShare(parts: readonly DiffPart[]): number {
  const counted = { same: 0, added: 0, removed: 0 }
  for (const { kind, text } of parts) counted[kind] += countWords(text)
  const all = 2 * counted.same + counted.added + counted.removed
  return all === 0 ? 0 : (counted.added + counted.removed) / all
}
