import type { Columns } from './columns.ts'

/** Points that one sub-block sums up: what a chart reads where single points cannot be told apart. */
export const subBlock = 64
const fields = 6

/** Minimum and maximum are NaN where no point is a finite number; `sum` may overflow. */
export interface Summary {
  step: number
  time: number
  min: number
  max: number
  sum: number
  /** Points that are finite numbers. */
  finite: number
}

export function summarise({ step, value, time }: Columns, from = 0, to = step.length): Summary {
  let min = Number.NaN
  let max = Number.NaN
  let sum = 0
  let finite = 0
  for (let at = from; at < to; at++) {
    const one = value[at] as number
    if (!Number.isFinite(one)) continue
    if (finite === 0) min = max = one
    else if (one < min) min = one
    else if (one > max) max = one
    sum += one
    finite += 1
  }
  return { step: step[from] ?? 0, time: time[from] ?? 0, min, max, sum, finite }
}

/** The summaries of a chunk's sub-blocks, field by field: steps, times, minima, maxima, sums, counts. */
export function encodeSummaries(columns: Columns): Uint8Array {
  const count = Math.ceil(columns.step.length / subBlock)
  const out = new Float64Array(count * fields)
  for (let at = 0; at < count; at++) {
    const to = Math.min((at + 1) * subBlock, columns.step.length)
    const one = summarise(columns, at * subBlock, to)
    out[at] = one.step
    out[count + at] = one.time
    out[count * 2 + at] = one.min
    out[count * 3 + at] = one.max
    out[count * 4 + at] = one.sum
    out[count * 5 + at] = one.finite
  }
  return new Uint8Array(out.buffer)
}

/** Calls back with each sub-block of a chunk, the points that it sums up, and where the next one begins. */
export function eachSummary(
  bytes: Uint8Array,
  points: number,
  take: (summary: Summary, points: number, next: Pick<Summary, 'step' | 'time'> | null) => void,
): void {
  const whole = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
  const numbers = new Float64Array(whole.buffer, whole.byteOffset, whole.byteLength / 8)
  const count = numbers.length / fields
  const placeAt = (at: number) => ({ step: numbers[at] as number, time: numbers[count + at] as number })
  for (let at = 0; at < count; at++) {
    const summary: Summary = {
      ...placeAt(at),
      min: numbers[count * 2 + at] as number,
      max: numbers[count * 3 + at] as number,
      sum: numbers[count * 4 + at] as number,
      finite: numbers[count * 5 + at] as number,
    }
    take(summary, Math.min(subBlock, points - at * subBlock), at + 1 < count ? placeAt(at + 1) : null)
  }
}
