import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Columns } from './columns.ts'

/*
 * How points become bytes. Both forms begin with a head of 32 bytes: count, kind of steps, kind of times, then first
 * step, distance of steps and first time. A fragment goes on with plain columns; a chunk with differences, parted by
 * the rank of their bytes and compressed. Numbers are little-endian, as on every machine that Node runs on.
 */
const headBytes = 32
/** Steps: evenly spaced, or 32-bit offsets, or as they are. Times: offsets, or as they are. */
const even = 0
const offsets = 1
const plain = 2

const mostOffset = 2 ** 32 - 1
const fast = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

interface Head {
  count: number
  steps: number
  times: number
  step: number
  stride: number
  time: number
}

function headOf({ step, time }: Columns): Head {
  const count = step.length
  const first = step[0] ?? 0
  const stride = count > 1 ? (step[1] as number) - first : 1
  let steps = even
  for (let at = 1; at < count && steps === even; at++) {
    if (step[at] !== first + stride * at) steps = offsets
  }
  if (steps === offsets && (step[count - 1] as number) - first > mostOffset) steps = plain
  let low = time[0] ?? 0
  let high = low
  for (let at = 1; at < count; at++) {
    const one = time[at] as number
    if (one < low) low = one
    else if (one > high) high = one
  }
  return { count, steps, times: high - low > mostOffset ? plain : offsets, step: first, stride, time: low }
}

function writeHead(bytes: Uint8Array, { count, steps, times, step, stride, time }: Head): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  view.setUint32(0, count, true)
  view.setUint8(4, steps)
  view.setUint8(5, times)
  view.setFloat64(8, step, true)
  view.setFloat64(16, stride, true)
  view.setFloat64(24, time, true)
}

function readHead(bytes: Uint8Array): Head {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return {
    count: view.getUint32(0, true),
    steps: view.getUint8(4),
    times: view.getUint8(5),
    step: view.getFloat64(8, true),
    stride: view.getFloat64(16, true),
    time: view.getFloat64(24, true),
  }
}

const widthOf = (kind: number) => (kind === even ? 0 : kind === offsets ? 4 : 8)

/** Drivers give bytes at any address; columns want one that eight divides. */
const aligned = (bytes: Uint8Array) => (bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes))

/** Columns of 8 bytes first, so that every one lies at a fitting address. */
function places({ count, steps, times }: Head) {
  const values = headBytes
  let end = values + count * 8
  const at = { values, steps: 0, times: 0, end: 0 }
  for (const [name, kind] of [
    ['steps', steps],
    ['times', times],
  ] as const) {
    if (kind !== plain) continue
    at[name] = end
    end += count * 8
  }
  for (const [name, kind] of [
    ['steps', steps],
    ['times', times],
  ] as const) {
    if (kind === plain) continue
    at[name] = end
    end += count * widthOf(kind)
  }
  at.end = end
  return at
}

function offsetsOf(from: Float64Array, base: number, into: Uint32Array): void {
  for (let at = 0; at < into.length; at++) into[at] = (from[at] as number) - base
}

export function encodeFragment(columns: Columns): Uint8Array {
  const head = headOf(columns)
  const { count } = head
  const at = places(head)
  const bytes = new Uint8Array(at.end)
  writeHead(bytes, head)
  new Float64Array(bytes.buffer, at.values, count).set(columns.value)
  if (head.steps === plain) new Float64Array(bytes.buffer, at.steps, count).set(columns.step)
  else if (head.steps === offsets)
    offsetsOf(columns.step, head.step, new Uint32Array(bytes.buffer, at.steps, count))
  if (head.times === plain) new Float64Array(bytes.buffer, at.times, count).set(columns.time)
  else offsetsOf(columns.time, head.time, new Uint32Array(bytes.buffer, at.times, count))
  return bytes
}

function stepsOf(head: Head, stored: Uint32Array | Float64Array | null): Float64Array {
  const { count, step, stride } = head
  const steps = new Float64Array(count)
  if (stored instanceof Float64Array) steps.set(stored)
  else if (stored) for (let at = 0; at < count; at++) steps[at] = step + (stored[at] as number)
  else for (let at = 0; at < count; at++) steps[at] = step + stride * at
  return steps
}

function timesOf(head: Head, stored: Uint32Array | Float64Array): Float64Array {
  if (stored instanceof Float64Array) return stored.slice()
  const times = new Float64Array(head.count)
  for (let at = 0; at < times.length; at++) times[at] = head.time + (stored[at] as number)
  return times
}

export function decodeFragment(given: Uint8Array): Columns {
  const bytes = aligned(given)
  const head = readHead(bytes)
  const { count } = head
  const at = places(head)
  const column = (kind: number, place: number) =>
    kind === plain
      ? new Float64Array(bytes.buffer, bytes.byteOffset + place, count)
      : new Uint32Array(bytes.buffer, bytes.byteOffset + place, count)
  return {
    step: stepsOf(head, head.steps === even ? null : column(head.steps, at.steps)),
    value: new Float64Array(bytes.buffer, bytes.byteOffset + at.values, count),
    time: timesOf(head, column(head.times, at.times)),
  }
}

/** Bytes of the same rank side by side: high ones are alike within a series, and compress. */
function part(column: Uint8Array, width: number, into: Uint8Array): void {
  const count = into.length / width
  for (let rank = 0; rank < width; rank++) {
    const base = rank * count
    for (let at = 0, from = rank; at < count; at++, from += width) into[base + at] = column[from] as number
  }
}

function join(parted: Uint8Array, width: number): Uint8Array {
  const column = new Uint8Array(parted.length)
  const count = parted.length / width
  for (let rank = 0; rank < width; rank++) {
    const base = rank * count
    for (let at = 0, into = rank; at < count; at++, into += width) column[into] = parted[base + at] as number
  }
  return column
}

const bytesOf = (column: Float64Array | Uint32Array) =>
  new Uint8Array(column.buffer, column.byteOffset, column.byteLength)

/** Differences of neighbours, in 32 bits with their overflow: adding them up undoes it. */
function differences(column: Uint32Array): Uint32Array {
  const out = new Uint32Array(column.length)
  let before = 0
  for (let at = 0; at < column.length; at++) {
    const one = column[at] as number
    out[at] = one - before
    before = one
  }
  return out
}

function sums(column: Uint32Array): Uint32Array {
  for (let at = 1; at < column.length; at++) {
    column[at] = (column[at] as number) + (column[at - 1] as number)
  }
  return column
}

export function encodeChunk(columns: Columns): Uint8Array {
  const head = headOf(columns)
  const { count } = head
  const stepWidth = widthOf(head.steps)
  const timeWidth = widthOf(head.times)
  const body = new Uint8Array(count * (8 + stepWidth + timeWidth))
  part(bytesOf(columns.value), 8, body.subarray(0, count * 8))
  const put = (kind: number, column: Float64Array, base: number, at: number) => {
    if (kind === plain) {
      part(bytesOf(column), 8, body.subarray(at, at + count * 8))
      return
    }
    const from = new Uint32Array(count)
    offsetsOf(column, base, from)
    part(bytesOf(differences(from)), 4, body.subarray(at, at + count * 4))
  }
  if (head.steps !== even) put(head.steps, columns.step, head.step, count * 8)
  put(head.times, columns.time, head.time, count * (8 + stepWidth))
  const packed = zstdCompressSync(body, fast)
  const bytes = new Uint8Array(headBytes + packed.length)
  writeHead(bytes, head)
  bytes.set(packed, headBytes)
  return bytes
}

export function decodeChunk(bytes: Uint8Array): Columns {
  const head = readHead(bytes)
  const { count } = head
  const body = zstdDecompressSync(bytes.subarray(headBytes))
  const stepWidth = widthOf(head.steps)
  const column = (kind: number, at: number) => {
    const width = widthOf(kind)
    const joined = join(body.subarray(at, at + count * width), width)
    return kind === plain ? new Float64Array(joined.buffer) : sums(new Uint32Array(joined.buffer))
  }
  return {
    step: stepsOf(head, head.steps === even ? null : column(head.steps, count * 8)),
    value: new Float64Array(join(body.subarray(0, count * 8), 8).buffer),
    time: timesOf(head, column(head.times, count * (8 + stepWidth))),
  }
}
