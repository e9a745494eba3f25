/** A finished piece of Markdown, or the piece that may still grow. */
export interface TextBlock {
  type: 'text'
  source: string
}
export interface CodeBlockPiece {
  type: 'code'
  code: string
  language: string
  /** The closing fence has not come yet. */
  open: boolean
}
export type Block = TextBlock | CodeBlockPiece

const fenceStart = /^( {0,3})(`{3,}|~{3,})([^`]*)$/
const listStart = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/
const indented = /^(?: {2,}|\t)/
const blank = /^\s*$/

interface Split {
  blocks: Block[]
  /** Where, in the source, the last block begins: all before it will not change any more. */
  lastStart: number
}

function closes(line: string, fence: string): boolean {
  const trimmed = line.trim()
  return trimmed.length >= fence.length && trimmed === (fence[0] ?? '').repeat(trimmed.length)
}

/**
 * Cuts Markdown at blank lines between top-level blocks; fenced code becomes a block of its own. A list keeps its
 * blank lines, and what is indented below it. Reads each line once.
 */
export function splitBlocks(source: string): Split {
  const blocks: Block[] = []
  let lastStart = 0
  let start = 0
  let gathered: string[] = []
  let inList = false
  let pendingBlank = false
  let at = 0
  const lines = source.split('\n')
  const flush = (): void => {
    const text = gathered.join('\n')
    gathered = []
    if (blank.test(text)) return
    blocks.push({ type: 'text', source: text })
    lastStart = start
  }
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const lineStart = at
    at += line.length + 1
    const fence = inList && indented.test(line) ? null : fenceStart.exec(line)
    if (fence) {
      flush()
      start = lineStart
      const code: string[] = []
      let open = true
      while (open && index + 1 < lines.length) {
        const next = lines[++index] ?? ''
        at += next.length + 1
        if (closes(next, fence[2] ?? '```')) open = false
        else code.push(next)
      }
      blocks.push({
        type: 'code',
        code: code.join('\n'),
        language: (fence[3] ?? '').trim().split(/\s/)[0] ?? '',
        open,
      })
      lastStart = start
      start = at
      inList = pendingBlank = false
      continue
    }
    if (blank.test(line)) {
      pendingBlank = true
      gathered.push(line)
      continue
    }
    const goesOn = inList && (indented.test(line) || listStart.test(line))
    if (pendingBlank && !goesOn) {
      flush()
      start = lineStart
      inList = false
    }
    pendingBlank = false
    if (gathered.every((one) => blank.test(one))) {
      start = lineStart
      inList = listStart.test(line)
    }
    gathered.push(line)
  }
  flush()
  return { blocks, lastStart }
}
