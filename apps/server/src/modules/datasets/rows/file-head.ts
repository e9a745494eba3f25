export type FileProblem =
  | 'datasets.not-jsonl'
  | 'datasets.wrong-encoding'
  | 'datasets.compressed'
  | 'datasets.binary'

const compressed = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x1f, 0x8b],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0x42, 0x5a, 0x68],
  [0xfd, 0x37, 0x7a, 0x58],
  [0x37, 0x7a, 0xbc, 0xaf],
]

const startsWith = (head: Buffer, bytes: readonly number[]) =>
  head.length >= bytes.length && bytes.every((byte, index) => head[index] === byte)

/** Bytes of the mark that some editors put before UTF-8. */
export function markLength(head: Buffer): number {
  return startsWith(head, [0xef, 0xbb, 0xbf]) ? 3 : 0
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** One JSON value over several lines, or one array of all rows: valid, but not a row a line. */
function isOneDocument(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const first = lines[0]?.trim() ?? ''
  if (first.startsWith('[')) return lines.length === 1 || !isJson(first)
  return first === '{'
}

/** Looks at the first bytes of a file for what is no JSONL at all; null where rows may be read. */
export function fileProblem(head: Buffer): FileProblem | null {
  if (startsWith(head, [0xff, 0xfe]) || startsWith(head, [0xfe, 0xff])) return 'datasets.wrong-encoding'
  if (compressed.some((bytes) => startsWith(head, bytes))) return 'datasets.compressed'
  const zeros = head.reduce((sum, byte) => sum + (byte === 0 ? 1 : 0), 0)
  // Every other byte of UTF-16 without a mark is zero, as long as its letters are Latin.
  if (zeros > head.length / 4) return 'datasets.wrong-encoding'
  if (zeros > 0 || startsWith(head, [0x50, 0x41, 0x52, 0x31])) return 'datasets.binary'
  return isOneDocument(head.subarray(markLength(head)).toString('utf8')) ? 'datasets.not-jsonl' : null
}
