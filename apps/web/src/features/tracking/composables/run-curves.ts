import { useThrottleFn } from '@vueuse/core'
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { type ApiError, asApiError } from '../../../app/problem.ts'
import type { ChartSeries } from '../../../ui/line-chart.ts'
import type { Curve } from '../tracking.api.ts'
import type { ChartRun } from './chart-runs.ts'
import type { CurveLoader } from './curve-loader.ts'
import { type XAxis, pointsOn, seriesOf, storedRange } from './curve-series.ts'

interface Options {
  loader: CurveLoader
  key: Ref<string>
  runs: Ref<readonly ChartRun[]>
  axis: Ref<XAxis>
  range: Ref<[number, number] | null>
  /** Pixels; 0 while the chart is not in sight. */
  width: Ref<number>
  append: (runId: string, x: number[], y: (number | null)[]) => void
}

/** One key's curves of several runs for one chart: as stored, then each new point as it comes. */
export function useRunCurves({ loader, key, runs, axis, range, width, append }: Options) {
  const series = shallowRef<readonly ChartSeries[]>([])
  const error = shallowRef<ApiError | null>(null)
  const loading = ref(false)
  const isEmpty = ref(false)
  let turn = 0
  let stops: (() => void)[] = []
  let added = 0
  /** What was read last: a chart that comes into sight again is not read anew. */
  let read: readonly unknown[] = []

  const reload = useThrottleFn(() => void load(true), 1000, true)

  function listen(): void {
    stops.forEach((stop) => stop())
    stops = runs.value
      .filter((run) => run.live)
      .map((run) =>
        loader.listen(run.id, key.value, {
          points: (points) => take(run, pointsOn(axis.value, run, points, range.value)),
          reset: () => void reload(),
        }),
      )
  }

  function take(run: ChartRun, { x, y }: { x: number[]; y: (number | null)[] }): void {
    if (x.length === 0) return
    added += x.length
    isEmpty.value = false
    append(run.id, x, y)
    // What was added goes beyond the width: the whole is asked for again, made fit for drawing.
    if (added > width.value) void reload()
  }

  async function load(again = false): Promise<void> {
    if (width.value === 0) return
    const [asked, by, limits] = [runs.value, axis.value, range.value]
    const buckets = Math.max(100, Math.ceil(width.value / 100) * 100)
    const wanted = [key.value, asked, by, limits, buckets]
    const own = ++turn
    if (!again && wanted.every((one, at) => one === read[at])) return void (loading.value = false)
    loading.value = true
    listen()
    try {
      const curves = await Promise.all(
        asked.map((run): Promise<Curve | null> => {
          const x = by === 'step' ? 'step' : 'time'
          return loader.load(run.id, key.value, { x, ...storedRange(by, run, limits), width: buckets })
        }),
      )
      if (own !== turn) return
      added = 0
      read = wanted
      series.value = asked.map((run, at) => seriesOf(run, curves[at] ?? null, by))
      isEmpty.value = series.value.every((one) => one.x.length === 0)
      error.value = null
    } catch (cause) {
      if (own === turn) error.value = asApiError(cause)
    } finally {
      if (own === turn) loading.value = false
    }
  }

  watch([key, runs, axis, range, () => Math.ceil(width.value / 100)], () => void load(), { immediate: true })
  onScopeDispose(() => {
    turn++
    stops.forEach((stop) => stop())
  })

  return { series, error, loading, isEmpty, reload: () => load(true) }
}
