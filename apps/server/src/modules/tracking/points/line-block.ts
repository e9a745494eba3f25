import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Line } from '../points-store.types.ts'

/** Bytes of text that a block holds at most, before it is compressed; one line may be more. */
export const blockBytes = 256 * 1024
const fast = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

type Packed = [epoch: number, time: number, level: string, message: string]

export function encodeLines(lines: readonly Line[]): Uint8Array {
  const packed = lines.map(({ epoch, time, level, message }): Packed => [epoch, time, level, message])
  return zstdCompressSync(JSON.stringify(packed), fast)
}

export function decodeLines(bytes: Uint8Array): Line[] {
  const packed = JSON.parse(zstdDecompressSync(bytes).toString()) as Packed[]
  return packed.map(([epoch, time, level, message]) => ({ epoch, time, level, message }))
}

/** What a line adds to its block, roughly. */
export const sizeOf = (line: Line) => line.message.length + 32

export function sizeOfAll(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + sizeOf(line), 0)
}

/** Lines go by number and then by time. */
export function compare(a: Pick<Line, 'epoch' | 'time'>, b: Pick<Line, 'epoch' | 'time'>): number {
  return a.epoch - b.epoch || a.time - b.time
}

/** In order, each once: of those with the same number and time the last one counts. */
export function linesInOrder(lines: readonly Line[]): Line[] {
  const sorted = lines.toSorted(compare)
  return sorted.filter((line, at) => {
    const next = sorted[at + 1]
    return !next || compare(line, next) !== 0
  })
}

/** Lays new lines over old ones, both in order; null where nothing differs. */
export function mergeLines(old: readonly Line[], fresh: readonly Line[]): Line[] | null {
  const out: Line[] = []
  let changed = false
  let at = 0
  for (const line of fresh) {
    for (let one = old[at]; one && compare(one, line) < 0; one = old[++at]) out.push(one)
    const there = old[at]
    if (there && compare(there, line) === 0) {
      changed ||= there.message !== line.message || there.level !== line.level
      at += 1
    } else {
      changed = true
    }
    out.push(line)
  }
  for (; at < old.length; at++) out.push(old[at] as Line)
  return changed ? out : null
}

/** Parts lines into blocks of a fitting size. */
export function blocksOf(lines: readonly Line[]): Line[][] {
  const blocks: Line[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const line of lines) {
    const own = sizeOf(line)
    if (size + own > blockBytes) {
      blocks.push([])
      size = 0
    }
    blocks.at(-1)?.push(line)
    size += own
  }
  return blocks
}
