import type { PaneView } from './composables/pane-views.ts'

export type MeterKey = 'firstTokenMs' | 'tokensPerSecond' | 'outputTokens' | 'costMicros'
/** Of each figure the most and the best of all panes; no best where there is nothing to compare. */
export type MeterScale = Record<MeterKey, { most: number; best: number | null }>

const better: Record<MeterKey, 'least' | 'most' | null> = {
  firstTokenMs: 'least',
  tokensPerSecond: 'most',
  /* Neither a long answer nor a short one is the better for it. */
  outputTokens: null,
  costMicros: 'least',
}

/** Nobody would call a hundredth a difference. */
const isAsGood = (value: number, best: number): boolean => Math.abs(value - best) <= best / 100

type Measured = Pick<PaneView, 'answer' | 'meter'>

/** Estimates are drawn beside each other, but nothing is called best by one. */
const isEstimate = (key: MeterKey, { meter }: Measured): boolean =>
  meter?.estimated === true && (key === 'tokensPerSecond' || key === 'outputTokens')

function scaleOf(key: MeterKey, panes: readonly Measured[]): { most: number; best: number | null } {
  const values = panes.flatMap(({ meter }) => meter?.[key] ?? [])
  const most = Math.max(0, ...values)
  const currencies = new Set(panes.flatMap(({ meter }) => meter?.currency ?? []))
  const comparable = values.length > 1 && !(key === 'costMicros' && currencies.size > 1)
  const way = panes.some((pane) => isEstimate(key, pane)) ? null : better[key]
  if (!comparable || way === null) return { most, best: null }
  const best = way === 'least' ? Math.min(...values) : most
  return { most, best: values.every((value) => isAsGood(value, best)) ? null : best }
}

/** What the panes' figures are measured against. A failed answer is the best in nothing. */
export function meterScale(panes: readonly Measured[]): MeterScale {
  const counted = panes.filter(({ answer }) => answer?.state === 'finished' || answer?.state === 'running')
  return {
    firstTokenMs: scaleOf('firstTokenMs', counted),
    tokensPerSecond: scaleOf('tokensPerSecond', counted),
    outputTokens: scaleOf('outputTokens', counted),
    costMicros: scaleOf('costMicros', counted),
  }
}

/** A figure as a share of the most, and whether it is the best. */
export function shareOf(
  scale: MeterScale,
  key: MeterKey,
  value: number | null,
): { share: number; best: boolean } {
  const { most, best } = scale[key]
  if (value === null) return { share: 0, best: false }
  return { share: most > 0 ? Math.min(1, value / most) : 0, best: best !== null && isAsGood(value, best) }
}
