import { refThrottled } from '@vueuse/core'
import { computed } from 'vue'
import type { Ref } from 'vue'
import { useTexts } from '../composables/texts.ts'
import { nearestRow, seriesColour } from './line-chart.ts'
import type { ChartData } from './line-chart.ts'

interface Options {
  data: () => ChartData
  /** Rises with each change of the data. */
  version: Ref<number>
  label: () => string
  formatX: () => ((value: number) => string) | undefined
  formatY: () => ((value: number) => string) | undefined
}

/** A chart in words and figures: ticks, the values at a place, and what its curves do. */
export function useChartWords({ data, version, label, formatX, formatY }: Options) {
  const { t, formatCompact, formatNumber, formatLoss, formatScientific } = useTexts()
  // A reader of the screen needs no new summary with every point.
  const settled = refThrottled(version, 2000)

  const axisX = (value: number): string => formatX()?.(value) ?? formatCompact(value)

  function axisY(value: number): string {
    const own = formatY()
    if (own) return own(value)
    const size = Math.abs(value)
    if (size !== 0 && (size < 1e-2 || size >= 1e5)) return formatScientific(value)
    return size >= 1000 ? formatCompact(value) : value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
  }

  function exact(value: number): string {
    const own = formatY()
    if (own) return own(value)
    return value !== 0 && Math.abs(value) < 1e-2 ? formatScientific(value) : formatLoss(value, 4)
  }

  const rangeOf = (range: [low: number, high: number] | null): string =>
    range ? `${exact(range[0])} – ${exact(range[1])}` : ''

  /** `reach`: how far away in x a neighbour's value counts as of this place. */
  function rowsAt(index: number, reach = 0) {
    return data().tracks.flatMap((track, place) => {
      const column = data().columns[track.smooth >= 0 ? track.smooth : track.raw] ?? []
      const row = nearestRow(data().x, column, index, reach)
      const value = column[row]
      if (value === undefined) return []
      const { key, name, colour = seriesColour(place) } = track.series
      const range = rangeOf(data().rangeAt(track, row))
      return [{ key, name, colour, value: value === null ? t('ui.chart.noNumber') : exact(value), range }]
    })
  }

  const summary = computed(() => {
    void settled.value
    const parts = data().tracks.map((track) => {
      const values = track.y.filter((value): value is number => value !== null && Number.isFinite(value))
      if (!values.length) return `${track.series.name}: ${t('ui.chart.empty')}`
      const low = values.reduce((least, value) => Math.min(least, value), Infinity)
      const figures = { first: exact(values[0] ?? 0), last: exact(values.at(-1) ?? 0), low: exact(low) }
      const count = formatNumber(values.length)
      return t('ui.chart.summary', { name: track.series.name, ...figures, count })
    })
    return `${label()}. ${parts.join('. ')}`
  })
  const gaps = computed(() => {
    void version.value
    return data().tracks.reduce((sum, track) => sum + track.gaps, 0)
  })
  const isEmpty = computed(() => {
    void version.value
    return data().x.length === 0
  })

  return { axisX, axisY, exact, rangeOf, rowsAt, summary, gaps, isEmpty }
}
