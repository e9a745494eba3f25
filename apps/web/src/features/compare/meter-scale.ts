import type { Answer } from './compare.api.ts'

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

function scaleOf(key: MeterKey, answers: readonly Answer[]): { most: number; best: number | null } {
  const values = answers.flatMap(({ meter }) => meter[key] ?? [])
  const most = Math.max(0, ...values)
  const currencies = new Set(answers.flatMap(({ meter }) => meter.currency ?? []))
  const comparable = values.length > 1 && !(key === 'costMicros' && currencies.size > 1)
  const way = better[key]
  if (!comparable || way === null) return { most, best: null }
  const best = way === 'least' ? Math.min(...values) : most
  return { most, best: values.every((value) => isAsGood(value, best)) ? null : best }
}

/** What the panes' figures are measured against. A failed answer is the best in nothing. */
export function meterScale(answers: readonly Answer[]): MeterScale {
  const counted = answers.filter(({ state }) => state === 'finished' || state === 'running')
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
