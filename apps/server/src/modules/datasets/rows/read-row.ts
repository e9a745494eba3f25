import { readFormat } from './formats.ts'
import type { Line } from './line-splitter.ts'
import { checkOrder, isFields } from './read-conversation.ts'
import { BadRow, type RowResult, cleanPiece } from './row.types.ts'

/** Longest row that is read, in bytes. */
export const longestRow = 2 * 2 ** 20

const strict = new TextDecoder('utf-8', { fatal: true })
const lenient = new TextDecoder('utf-8')

function decode(bytes: Buffer): string {
  try {
    return strict.decode(bytes)
  } catch {
    throw new BadRow('not-utf8')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new BadRow('not-json')
  }
}

/** Reads one row as a conversation, or says why it is set aside. */
export function readRow(line: Line): RowResult {
  try {
    if (line.tooLong) throw new BadRow('too-long', { bytes: line.length, limit: longestRow })
    const value = parse(decode(line.bytes))
    if (!isFields(value)) throw new BadRow('not-object')
    const row = readFormat(value)
    checkOrder(row.messages)
    return row
  } catch (error) {
    if (error instanceof BadRow) return { problem: error.problem }
    throw error
  }
}

/** The beginning of a line, to know it by. */
export function excerptOf(line: Line): string {
  return cleanPiece(lenient.decode(line.bytes.subarray(0, 800)).trim(), 200)
}
