import type { PointsMessage } from '@anneal/contract'
import type { ChartSeries } from '../../../ui/line-chart.ts'
import type { Curve } from '../tracking.api.ts'
import type { ChartRun } from './chart-runs.ts'

/** What the x axis counts: steps, the time of day, or the time since a run began. */
export type XAxis = 'step' | 'time' | 'relative'

/** Where a point stands on the axis; relative time is in seconds. */
export function xOf(axis: XAxis, run: Pick<ChartRun, 'startedAt'>, step: number, time: number): number {
  if (axis === 'step') return step
  return axis === 'time' ? time : (time - run.startedAt) / 1000
}

/** A range of the axis in the unit of one run's stored points. */
export function storedRange(
  axis: XAxis,
  run: Pick<ChartRun, 'startedAt'>,
  range: readonly [number, number] | null,
): { from: number | undefined; to: number | undefined } {
  if (!range) return { from: undefined, to: undefined }
  if (axis !== 'relative') return { from: Math.floor(range[0]), to: Math.ceil(range[1]) }
  const [from, to] = range.map((seconds) => run.startedAt + seconds * 1000)
  return { from: Math.floor(from ?? 0), to: Math.ceil(to ?? 0) }
}

/** A stored curve as the chart draws it: the mean of each bucket, and the band of those that hold several points. */
export function seriesOf(run: ChartRun, curve: Curve | null, axis: XAxis): ChartSeries {
  const x = curve ? curve.step.map((step, at) => xOf(axis, run, step, curve.time[at] ?? 0)) : []
  return {
    key: run.id,
    name: run.name,
    colour: run.colour,
    dashed: run.dashed,
    x,
    y: curve ? [...curve.mean] : [],
    ...(curve?.count.some((points) => points > 1) ? { low: curve.min, high: curve.max } : {}),
  }
}

/** New points on the axis; those outside the range are left out. */
export function pointsOn(
  axis: XAxis,
  run: Pick<ChartRun, 'startedAt'>,
  points: Pick<PointsMessage, 'step' | 'value' | 'time'>,
  range: readonly [number, number] | null,
): { x: number[]; y: (number | null)[] } {
  const x: number[] = []
  const y: (number | null)[] = []
  points.step.forEach((step, at) => {
    const place = xOf(axis, run, step, points.time[at] ?? 0)
    if (range && (place < range[0] || place > range[1])) return
    x.push(place)
    y.push(points.value[at] ?? null)
  })
  return { x, y }
}
