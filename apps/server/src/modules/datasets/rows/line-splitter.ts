/** One line of a file. */
export interface Line {
  /** From 1. */
  number: number
  /** Where it begins in the file, in bytes. */
  start: number
  /** Without what ends it, for use until the next chunk is given; of a line that is too long only its beginning. */
  bytes: Buffer
  /** Of the whole line. */
  length: number
  tooLong: boolean
}

export interface LineSplitterOptions {
  /** Longest line that is held, in bytes. */
  limit: number
  /** Where the first chunk begins in the file, and which line that is. */
  offset?: number
  number?: number
}

const newline = 10
const beginning = 2048

/** Finds lines in chunks. What it holds is bounded by the limit, however long a line is. */
export class LineSplitter {
  private readonly limit: number
  private offset: number
  private number: number
  private held: Buffer[] = []
  private heldLength = 0
  private length = 0

  constructor({ limit, offset = 0, number = 1 }: LineSplitterOptions) {
    this.limit = limit
    this.offset = offset
    this.number = number
  }

  /** The lines that end in this chunk. */
  push(chunk: Buffer): Line[] {
    const lines: Line[] = []
    let from = 0
    for (;;) {
      const end = chunk.indexOf(newline, from)
      if (end === -1) break
      lines.push(this.finish(chunk.subarray(from, end), 1))
      from = end + 1
    }
    if (from < chunk.length) this.hold(chunk.subarray(from))
    return lines
  }

  /** The last line, where no line end follows it. */
  end(): Line[] {
    return this.length === 0 ? [] : [this.finish(Buffer.alloc(0), 0)]
  }

  private hold(rest: Buffer): void {
    this.length += rest.length
    if (this.length > this.limit) {
      const length = Math.min(beginning, this.heldLength + rest.length)
      this.held = [Buffer.concat([...this.held, rest], length)]
      this.heldLength = length
      return
    }
    this.held.push(Buffer.from(rest))
    this.heldLength += rest.length
  }

  private finish(rest: Buffer, lineEnd: number): Line {
    const start = this.offset
    const length = this.length + rest.length
    const tooLong = length > this.limit
    let bytes = rest
    if (tooLong && this.heldLength > 0) bytes = this.held[0] ?? rest
    else if (this.heldLength > 0) bytes = Buffer.concat([...this.held, rest])
    if (tooLong) bytes = bytes.subarray(0, beginning)
    const line = { number: this.number, start, bytes, length, tooLong }
    this.offset += length + lineEnd
    this.number += 1
    this.held = []
    this.heldLength = 0
    this.length = 0
    return line
  }
}

/** Whether a line holds nothing but blanks. */
export function isBlank(line: Line): boolean {
  if (line.tooLong) return false
  for (const byte of line.bytes) if (byte !== 32 && byte !== 9 && byte !== 13) return false
  return true
}
