import type { ChartQuery, ChartSeries } from '../points-store.types.ts'
import type { Columns } from './columns.ts'
import type { ChunkSums } from './chunks.repo.ts'
import type { Summary } from './summary.ts'

type Axis = ChartQuery['x']

const orNull = (value: number) => (Number.isFinite(value) ? value : null)

/** A sum may be beyond what a number holds, though none of its parts is. */
function meanOf(sum: number, finite: number, min: number, max: number): number {
  const mean = sum / finite
  return Number.isFinite(mean) ? mean : min / 2 + max / 2
}

/** Gathers points, and what sums them up, into buckets of equal width along the axis. */
export class Buckets {
  private readonly key: string
  private readonly axis: Axis
  private readonly from: number
  private readonly scale: number
  private readonly width: number
  private readonly min: Float64Array
  private readonly max: Float64Array
  private readonly sum: Float64Array
  private readonly finite: Float64Array
  private readonly count: Float64Array
  private readonly step: Float64Array
  private readonly time: Float64Array

  constructor(key: string, axis: Axis, { from, to, width }: { from: number; to: number; width: number }) {
    this.key = key
    this.axis = axis
    this.from = from
    this.width = width
    this.scale = to > from ? width / (to - from) : 0
    this.min = new Float64Array(width)
    this.max = new Float64Array(width)
    this.sum = new Float64Array(width)
    this.finite = new Float64Array(width)
    this.count = new Float64Array(width)
    this.step = new Float64Array(width)
    this.time = new Float64Array(width)
  }

  addSummary({ step, time, min, max, sum, finite }: Summary, points: number): void {
    this.add(step, time, points, finite, min, max, sum)
  }

  addChunk({ first_step, first_time, points, finite, min_value, max_value, sum_value }: ChunkSums): void {
    const min = min_value ?? 0
    const max = max_value ?? 0
    this.add(first_step, first_time, points, finite, min, max, sum_value ?? Number.POSITIVE_INFINITY)
  }

  addPoints({ step, value, time }: Columns): void {
    for (let at = 0; at < step.length; at++) {
      const one = value[at] as number
      this.add(step[at] as number, time[at] as number, 1, Number.isFinite(one) ? 1 : 0, one, one, one)
    }
  }

  series(): ChartSeries {
    const out = emptySeries(this.key, false)
    for (let at = 0; at < this.width; at++) {
      const points = this.count[at] as number
      if (points === 0) continue
      const finite = this.finite[at] as number
      const min = this.min[at] as number
      const max = this.max[at] as number
      out.step.push(this.step[at] as number)
      out.time.push(this.time[at] as number)
      out.count.push(points)
      out.notFinite += points - finite
      out.min.push(finite > 0 ? min : null)
      out.max.push(finite > 0 ? max : null)
      out.mean.push(finite > 0 ? meanOf(this.sum[at] as number, finite, min, max) : null)
    }
    return out
  }

  private add(
    step: number,
    time: number,
    points: number,
    finite: number,
    min: number,
    max: number,
    sum: number,
  ): void {
    const place = this.axis === 'step' ? step : time
    /* A block that begins before the range is drawn at its edge. */
    const at = Math.min(this.width - 1, Math.max(0, Math.floor((place - this.from) * this.scale)))
    const before = this.count[at] as number
    if (before === 0 || place < ((this.axis === 'step' ? this.step[at] : this.time[at]) as number)) {
      this.step[at] = step
      this.time[at] = time
    }
    this.count[at] = before + points
    if (finite === 0) return
    const none = this.finite[at] === 0
    if (none || min < (this.min[at] as number)) this.min[at] = min
    if (none || max > (this.max[at] as number)) this.max[at] = max
    this.sum[at] = (this.sum[at] as number) + sum
    this.finite[at] = (this.finite[at] as number) + finite
  }
}

export function emptySeries(key: string, raw: boolean): ChartSeries {
  return { key, step: [], time: [], min: [], max: [], mean: [], count: [], notFinite: 0, raw }
}

/** Every point as it is, by its place on the axis. */
export function rawSeries(key: string, { step, value, time }: Columns, axis: Axis): ChartSeries {
  const order = Array.from(step, (_, at) => at)
  const x = axis === 'step' ? step : time
  if (axis === 'time') order.sort((a, b) => (x[a] as number) - (x[b] as number))
  const out = emptySeries(key, true)
  for (const at of order) {
    const one = orNull(value[at] as number)
    out.step.push(step[at] as number)
    out.time.push(time[at] as number)
    for (const list of [out.min, out.max, out.mean]) list.push(one)
    out.count.push(1)
    if (one === null) out.notFinite += 1
  }
  return out
}
