/**
 * Where good rows lie in their file, kept small: every so many rows or bytes one entry of three numbers (its place
 * among the good rows from 0, its line, its first byte). Full, it keeps every other entry and goes on more sparsely.
 */
export const mostEntries = 32_768
const width = 3
const firstStride = 16
const firstGap = 64 * 1024

export class RowIndexBuilder {
  private numbers = new Float64Array(1024 * width)
  private count = 0
  private good = 0
  private stride = firstStride
  private gap = firstGap
  private readonly most: number

  constructor(most = mostEntries) {
    this.most = most
  }

  /** Takes note of the next good row. */
  add(line: number, start: number): void {
    const position = this.good++
    if (this.isNear(position, start)) return
    if (this.count === this.most) this.thin()
    if (this.isNear(position, start)) return
    this.grow()
    this.put(position, line, start)
  }

  /** The gap, doubled (no good row lies further behind its entry), and then the entries. */
  toBuffer(): Buffer {
    const all = new Float64Array(1 + this.count * width)
    all[0] = this.gap * 2
    all.set(this.numbers.subarray(0, this.count * width), 1)
    return Buffer.from(all.buffer)
  }

  private isNear(position: number, start: number): boolean {
    if (this.count === 0) return false
    const last = (this.count - 1) * width
    const lastPosition = this.numbers[last] ?? 0
    const lastStart = this.numbers[last + 2] ?? 0
    return position - lastPosition < this.stride && start - lastStart <= this.gap
  }

  private put(position: number, line: number, start: number): void {
    this.numbers.set([position, line, start], this.count * width)
    this.count += 1
  }

  private grow(): void {
    if ((this.count + 1) * width <= this.numbers.length) return
    const larger = new Float64Array(this.numbers.length * 2)
    larger.set(this.numbers)
    this.numbers = larger
  }

  private thin(): void {
    while (this.count === this.most) {
      this.stride *= 2
      this.gap *= 2
      const before = this.numbers
      const entries = this.count
      this.numbers = before.slice()
      this.count = 0
      for (let at = 0; at < entries * width; at += width) {
        const [position = 0, line = 0, start = 0] = before.subarray(at, at + width)
        if (!this.isNear(position, start)) this.put(position, line, start)
      }
    }
  }
}

export interface IndexEntry {
  position: number
  line: number
  start: number
}

/** Answers from which byte to read on for a row. */
export class RowIndex {
  /** Good rows between two entries all begin within so many bytes of the first. */
  readonly reach: number
  private readonly numbers: Float64Array

  constructor(bytes: Buffer) {
    const copy = new Uint8Array(bytes)
    const numbers = new Float64Array(copy.buffer, 0, Math.floor(copy.byteLength / 8))
    this.reach = numbers[0] ?? 0
    this.numbers = numbers.subarray(1)
  }

  get length(): number {
    return this.numbers.length / width
  }

  entry(at: number): IndexEntry | undefined {
    if (at < 0 || at >= this.length) return undefined
    const [position = 0, line = 0, start = 0] = this.numbers.subarray(at * width, at * width + width)
    return { position, line, start }
  }

  /** The last entry that is not behind this line or position; the first one where all are. */
  before(field: 'line' | 'position', value: number): number {
    const column = field === 'position' ? 0 : 1
    let low = 0
    let high = this.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.numbers[middle * width + column] ?? 0) <= value) low = middle
      else high = middle - 1
    }
    return low
  }
}
