import type { RouteReply } from '@anneal/contract'
import { seriesColour } from '../ui/line-chart.ts'
import type { Bar, BarSeries } from '../ui/stacked-bars.ts'
import type { useTexts } from './texts.ts'

type Texts = ReturnType<typeof useTexts>
export type Report = RouteReply<'usage.report'>
export type Group = Report['groups']['model'][number]
export type Dimension = 'model' | 'user' | 'key' | 'via'
type Money = Group['costs'][number]
export const measures = ['cost', 'requests', 'tokens'] as const
export type Measure = (typeof measures)[number]

/** Sums in several currencies stand side by side; they are never added up. */
export function costText({ formatMoney }: Texts, costs: readonly Money[]): string {
  if (costs.length === 0) return '–'
  return costs
    .toSorted((a, b) => b.micros - a.micros)
    .map(({ micros, currency }) => formatMoney(micros, currency))
    .join(' + ')
}

/** The currency in which most calls are paid: the one that bars show. */
export function mainCurrency(report: Report | undefined): string | null {
  const costs = report?.totals.costs ?? []
  return costs.toSorted((a, b) => b.micros - a.micros)[0]?.currency ?? null
}

export function nameOf({ t }: Texts, by: Dimension, group: Pick<Group, 'key' | 'name'>): string {
  if (by === 'via' && group.key !== null) return t(`usage.vias.${group.key}`)
  if (group.key === null) return t(`usage.nobody.${by}`)
  return group.name ?? t('usage.gone', { id: group.key.slice(-6) })
}

export function valueOf(group: Group, measure: Measure, currency: string | null): number {
  if (measure === 'requests') return group.requests
  if (measure === 'tokens') return group.inputTokens + group.outputTokens
  return group.costs.find((cost) => cost.currency === currency)?.micros ?? 0
}

/** The days as bars: the largest groups apart, the rest together. */
export function barsOf(
  texts: Texts,
  report: Report,
  by: Dimension,
  measure: Measure,
  currency: string | null,
  shown = 5,
): { bars: Bar[]; series: BarSeries[] } {
  const largest = report.groups[by]
    .filter((group) => valueOf(group, measure, currency) > 0)
    .toSorted((a, b) => valueOf(b, measure, currency) - valueOf(a, measure, currency))
  const own = largest.length <= shown + 1 ? largest : largest.slice(0, shown)
  const hasRest = largest.length > own.length
  const places = new Map(own.map((group, at) => [group.key, at]))
  const series = own.map((group, at) => ({
    key: group.key ?? 'none',
    name: nameOf(texts, by, group),
    colour: seriesColour(at),
  }))
  if (hasRest) series.push({ key: 'rest', name: texts.t('usage.others'), colour: 'var(--an-line-2)' })
  const bars = report.days.map(({ day, groups }) => {
    const values = series.map(() => 0)
    for (const group of groups) {
      const at = places.get(group.key) ?? (hasRest ? series.length - 1 : -1)
      if (at >= 0) values[at] = (values[at] ?? 0) + valueOf(group, measure, currency)
    }
    /* Noon: the same day whatever the zone of this browser. */
    const noon = `${day}T12:00:00`
    return { label: texts.formatDate(noon), title: texts.formatDate(noon), values }
  })
  return { bars, series }
}

/** A figure of a measure in words: money in its currency. */
export function measureText(
  { formatMoney, formatCompact }: Texts,
  value: number,
  measure: Measure,
  currency: string | null,
): string {
  return measure === 'cost' && currency ? formatMoney(value, currency) : formatCompact(value)
}

/** A change against the time before, with a sign; null where there is nothing to compare with. */
export function changeOf({ formatPercent }: Texts, now: number, before: number | undefined): string | null {
  if (!before) return null
  const change = now / before - 1
  if (Math.abs(change) < 0.005) return '±0%'
  return `${change > 0 ? '+' : '−'}${formatPercent(Math.abs(change))}`
}
