import type { Parameters } from './compare.api.ts'

export type NumberKey = 'temperature' | 'topP' | 'maxTokens' | 'seed'

interface NumberField {
  key: NumberKey
  labelKey: string
  rangeKey: string
  whole: boolean
  least: number
  most: number
}

export const numberFields: readonly NumberField[] = [
  {
    key: 'temperature',
    labelKey: 'compare.temperature',
    rangeKey: 'compare.temperatureRange',
    whole: false,
    least: 0,
    most: 2,
  },
  { key: 'topP', labelKey: 'compare.topP', rangeKey: 'compare.topPRange', whole: false, least: 0, most: 1 },
  {
    key: 'maxTokens',
    labelKey: 'compare.maxTokens',
    rangeKey: 'compare.maxTokensRange',
    whole: true,
    least: 1,
    most: 1_000_000,
  },
  {
    key: 'seed',
    labelKey: 'compare.seed',
    rangeKey: 'compare.seedRange',
    whole: true,
    least: 0,
    most: 2 ** 31 - 1,
  },
]

export type NumberTexts = Record<NumberKey, string>

export function textsOf(parameters: Parameters): NumberTexts {
  const text = (key: NumberKey): string => parameters[key]?.toString() ?? ''
  return {
    temperature: text('temperature'),
    topP: text('topP'),
    maxTokens: text('maxTokens'),
    seed: text('seed'),
  }
}

/** Whether what was typed can be used; empty is the model's own. */
export function isValid({ whole, least, most }: NumberField, text: string): boolean {
  if (text.trim() === '') return true
  const value = Number(text)
  return Number.isFinite(value) && value >= least && value <= most && (!whole || Number.isInteger(value))
}

/** Parameters with what was typed in place of their numbers; what is no number is left out. */
export function withTexts(parameters: Parameters, texts: NumberTexts): Parameters {
  const { temperature: _t, topP: _p, maxTokens: _m, seed: _s, ...rest } = parameters
  const given = numberFields.flatMap((field) => {
    const text = texts[field.key]
    return text.trim() !== '' && isValid(field, text) ? [[field.key, Number(text)] as const] : []
  })
  return { ...rest, ...Object.fromEntries(given) }
}
