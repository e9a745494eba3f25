import { type DiffPart, wordDiff } from '../text-diff.ts'
import { changedShare, type DiffPiece, joinChanges, layDiff } from './mark-diff.ts'
import { renderMarkdown } from './render-markdown.ts'

function textNodes(root: Node): Text[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const nodes: Text[] = []
  while (walker.nextNode()) nodes.push(walker.currentNode as Text)
  return nodes
}

function rendered(source: string): DocumentFragment {
  const template = document.createElement('template')
  template.innerHTML = renderMarkdown(source, {})
  return template.content
}

const plain = (nodes: readonly Text[]): string[] => nodes.map((node) => node.data)

/* The share and the marks of the same two texts come from one comparison. */
const compared = new Map<string, DiffPart[]>()
function partsOf(before: string, after: string): DiffPart[] {
  const key = JSON.stringify([before, after])
  const parts = compared.get(key) ?? wordDiff(before, after)
  if (compared.size > 6) compared.clear()
  compared.set(key, parts)
  return parts
}

/** Two Markdown texts as their readers see them, by words; for a share without the marks. */
export function markdownChange(before: string, after: string): number {
  return changedShare(partsOf(rendered(before).textContent ?? '', rendered(after).textContent ?? ''))
}

/**
 * `after` as clean HTML with its differences to `before` marked: added words in `<ins>`, few removed ones in `<del>`,
 * more of them as `minusWords(count)`. `share`: how much differs, 0 to 1.
 */
export function diffMarkdown(
  before: string,
  after: string,
  minusWords: (count: number) => string,
): { html: string; share: number } {
  const root = rendered(after)
  const nodes = textNodes(root)
  const texts = plain(nodes)
  const parts = partsOf(plain(textNodes(rendered(before))).join(''), texts.join(''))
  layDiff(joinChanges(parts), texts).forEach((pieces, index) => {
    const marked = pieces.map((piece) => elementOf(piece, minusWords))
    if (pieces.some(({ kind }) => kind !== 'same')) nodes[index]?.replaceWith(...marked)
  })
  const box = document.createElement('div')
  box.append(root)
  return { html: box.innerHTML, share: changedShare(parts) }
}

function elementOf(piece: DiffPiece, minusWords: (count: number) => string): Node {
  if (piece.kind === 'same') return document.createTextNode(piece.text)
  const element = document.createElement(
    piece.kind === 'added' ? 'ins' : piece.kind === 'removed' ? 'del' : 'span',
  )
  element.textContent = piece.kind === 'folded' ? minusWords(piece.words) : piece.text
  if (piece.kind === 'folded') {
    element.className = 'gone'
    element.title = piece.text
  }
  return element
}
