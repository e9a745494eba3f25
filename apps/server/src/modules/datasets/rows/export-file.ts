import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { readRow } from './read-row.ts'
import { scanFile } from './scan-file.ts'

export interface ExportInput {
  from: string
  to: string
}

export interface Exported {
  rows: number
  /** Of the file written, lower-case hex. */
  sha256: string
}

const flushBytes = 1024 * 1024

/** Writes the good rows of `from` to `to`, one `{"messages": […]}` a line. */
export function exportFile(from: string, to: string): Exported {
  const hash = createHash('sha256')
  const file = openSync(to, 'w', 0o600)
  let waiting: string[] = []
  let waitingLength = 0
  let rows = 0
  const flush = () => {
    const piece = Buffer.from(waiting.join(''))
    hash.update(piece)
    for (let at = 0; at < piece.length;) at += writeSync(file, piece, at)
    waiting = []
    waitingLength = 0
  }
  try {
    scanFile(from, (line) => {
      const result = readRow(line)
      if (result.problem) return
      const text = `${JSON.stringify({ messages: result.messages })}\n`
      waiting.push(text)
      waitingLength += text.length
      rows += 1
      if (waitingLength >= flushBytes) flush()
    })
    flush()
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return { rows, sha256: hash.digest('hex') }
}
