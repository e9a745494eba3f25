import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { markLength } from './file-head.ts'
import { type Line, LineSplitter, isBlank } from './line-splitter.ts'
import { longestRow } from './read-row.ts'

const chunkBytes = 64 * 1024
export const headBytes = 64 * 1024

/** The first bytes of a file. */
export function readHead(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(headBytes)
    return head.subarray(0, readSync(file, head, 0, headBytes, 0))
  } finally {
    closeSync(file)
  }
}

/**
 * Reads a file line by line in a thread of its own, so synchronously: one chunk and one line are in memory.
 * Blank lines are counted, but not given. `onRead` is told the share that has been read.
 */
export function scanFile(path: string, onLine: (line: Line) => void, onRead?: (share: number) => void): void {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const chunk = Buffer.alloc(chunkBytes)
    const mark = markLength(readHead(path))
    const splitter = new LineSplitter({ limit: longestRow, offset: mark })
    const give = (lines: readonly Line[]) => {
      for (const line of lines) if (!isBlank(line)) onLine(line)
    }
    for (let at = mark; ;) {
      const length = readSync(file, chunk, 0, chunkBytes, at)
      if (length === 0) break
      give(splitter.push(chunk.subarray(0, length)))
      at += length
      onRead?.(at / size)
    }
    give(splitter.end())
  } finally {
    closeSync(file)
  }
}
