import { lineDiff, wordDiff } from '../../ui/text-diff.ts'

export interface DiffRow {
  kind: 'same' | 'added' | 'removed'
  /** Line numbers, from 1; null on the side where the line is not. */
  before: number | null
  after: number | null
  pieces: { text: string; changed: boolean }[]
}

export interface Diff {
  rows: DiffRow[]
  added: number
  removed: number
}

type Piece = DiffRow['pieces'][number]

const linesOf = (text: string): string[] => (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
const whole = (text: string, changed: boolean): Piece[] => [{ text, changed }]

/** Changed words that only blanks part are one change. */
function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = []
  pieces.forEach(({ text, changed }, at) => {
    const isBetween = text.trim() === '' && pieces[at - 1]?.changed && pieces[at + 1]?.changed
    const last = result.at(-1)
    if (last && last.changed === (changed || isBetween === true)) last.text += text
    else result.push({ text, changed: changed || isBetween === true })
  })
  return result
}

/** So many milliseconds words are compared for, over all lines; lines after that are shown whole. */
const wordTime = 600

/** What a line that became another lost and gained, by words. Two that have little in common are shown whole. */
function pairOf(before: string, after: string, until: number): { before: Piece[]; after: Piece[] } {
  const left = until - performance.now()
  if (left <= 0) return { before: whole(before, true), after: whole(after, true) }
  const parts = wordDiff(before, after, left)
  const kept = parts.reduce((sum, part) => sum + (part.kind === 'same' ? part.text.trim().length : 0), 0)
  if (kept * 4 < Math.min(before.length, after.length)) {
    return { before: whole(before, true), after: whole(after, true) }
  }
  const side = (other: 'added' | 'removed') =>
    joined(
      parts
        .filter((part) => part.kind !== other)
        .map((part) => ({ text: part.text, changed: part.kind !== 'same' })),
    )
  return { before: side('added'), after: side('removed') }
}

/** The lines of two texts beside each other; lines that were changed show the words that differ. */
export function diffRows(before: string, after: string): Diff {
  const rows: DiffRow[] = []
  // Both end in a line break, so that the last line is no other only for want of one.
  const parts = lineDiff(`${before}\n`, `${after}\n`)
  const until = performance.now() + wordTime
  let beforeLine = 1
  let afterLine = 1
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]
    if (!part) continue
    if (part.kind === 'same') {
      for (const text of linesOf(part.text)) {
        rows.push({ kind: 'same', before: beforeLine++, after: afterLine++, pieces: whole(text, false) })
      }
      continue
    }
    const next = parts[at + 1]
    const isPair = part.kind === 'removed' && next?.kind === 'added'
    const removed = part.kind === 'removed' ? linesOf(part.text) : []
    const added = isPair ? linesOf(next.text) : part.kind === 'added' ? linesOf(part.text) : []
    if (isPair) at++
    const pairs = removed.map((text, index) => {
      const other = added[index]
      return other === undefined ? null : pairOf(text, other, until)
    })
    removed.forEach((text, index) => {
      const pieces = pairs[index]?.before ?? whole(text, true)
      rows.push({ kind: 'removed', before: beforeLine++, after: null, pieces })
    })
    added.forEach((text, index) => {
      const pieces = pairs[index]?.after ?? whole(text, true)
      rows.push({ kind: 'added', before: null, after: afterLine++, pieces })
    })
  }
  const count = (kind: DiffRow['kind']) => rows.filter((row) => row.kind === kind).length
  return { rows, added: count('added'), removed: count('removed') }
}
