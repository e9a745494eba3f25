import { computed, type Ref } from 'vue'
import { useTexts } from '../../../composables/texts.ts'
import type { Settings } from '../training.api.ts'
import type { Draft } from './training-draft.ts'
import { isValid, limits, type NumberField, parseNumber } from './training-fields.ts'

/** What the server suggests no figure for, as the trainer takes it where it is absent. */
export const loraDefaults = { rank: 16, alpha: 32, dropout: 0 } as const

const always = ['saveEvery', 'seed'] as const
const withLora = [...always, 'rank', 'alpha', 'dropout'] as const

/** The figures of the form: suggested for base and method until another is typed. */
export function useTrainingNumbers(draft: Draft, defaults: Ref<Settings | undefined>) {
  const { t, formatNumber, formatScientific } = useTexts()

  function suggested(field: NumberField): number | null {
    if (field === 'rank' || field === 'alpha' || field === 'dropout') return loraDefaults[field]
    return defaults.value?.[field] ?? null
  }
  /** The figure that counts: what was typed, else what is suggested. */
  function numberOf(field: NumberField): number {
    const typed = draft.numbers[field]
    return typed?.trim() ? parseNumber(typed) : (suggested(field) ?? NaN)
  }
  function textOf(field: NumberField): string {
    const value = suggested(field)
    if (value === null) return draft.numbers[field] ?? ''
    return draft.numbers[field] ?? (field === 'learningRate' ? formatScientific(value) : String(value))
  }
  function type(field: NumberField, text: string): void {
    draft.numbers[field] = text
  }
  /** Left empty, or as suggested: the suggestion counts, and follows base and method. */
  function settle(field: NumberField): void {
    const typed = draft.numbers[field]
    if (typed === undefined) return
    if (typed.trim() === '' || parseNumber(typed) === suggested(field)) delete draft.numbers[field]
  }
  function isChanged(field: NumberField): boolean {
    return draft.numbers[field] !== undefined && numberOf(field) !== suggested(field)
  }
  function wrongNumber(field: NumberField): string | undefined {
    if (!draft.numbers[field]?.trim() || isValid(field, numberOf(field))) return undefined
    const { min, max, whole } = limits[field]
    if (field === 'learningRate') return t('training.form.rate')
    const range = { min: formatNumber(min), max: formatNumber(max, 1) }
    return t(whole ? 'training.form.whole' : 'training.form.range', range)
  }
  const advancedChanged = computed(
    () => (draft.tuning === 'lora' ? withLora : always).filter(isChanged).length,
  )

  return { suggested, numberOf, textOf, type, settle, isChanged, wrongNumber, advancedChanged }
}
