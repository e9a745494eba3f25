import { computed, type Ref } from 'vue'
import type { ApiError } from '../../../app/api.ts'
import { useTexts } from '../../../composables/texts.ts'
import type { Draft } from './training-draft.ts'
import { limits, type NumberField } from './training-fields.ts'

interface ProblemOptions {
  draft: Draft
  wrongNumber: (field: NumberField) => string | undefined
  numberOf: (field: NumberField) => number
  /** It was tried to start: from then on what is missing is said. */
  tried: Ref<boolean>
  error: Ref<ApiError | null>
}

const paths: Partial<Record<NumberField, string>> = {
  rank: 'tuning/rank',
  alpha: 'tuning/alpha',
  dropout: 'tuning/dropout',
}

/** What is wrong with the form, field by field: what can be seen here, and what the server said. */
export function useTrainingProblems({ draft, wrongNumber, numberOf, tried, error }: ProblemOptions) {
  const { t, formatNumber } = useTexts()
  const missing = (value: string): string | undefined =>
    tried.value && value.trim() === '' ? t('training.form.required') : undefined

  /** One that goes on has to come further than its checkpoint. */
  const tooFew = (): string | undefined =>
    draft.resume && numberOf('steps') <= draft.resume.step
      ? t('training.form.moreSteps', { step: formatNumber(draft.resume.step) })
      : undefined

  const problems = computed(() => {
    const said = (field: string) => error.value?.field(field)
    const numbers = Object.fromEntries(
      (Object.keys(limits) as NumberField[]).map((field) => [
        field,
        wrongNumber(field) ?? said(paths[field] ?? field),
      ]),
    ) as Record<NumberField, string | undefined>
    const titleOf = (code: string) => (error.value?.code === code ? error.value.title : undefined)
    return {
      ...numbers,
      steps: numbers.steps ?? tooFew(),
      name: said('name'),
      hubId: draft.base === 'hub' ? (missing(draft.hubId) ?? said('baseModel/id')) : undefined,
      folder:
        draft.base === 'folder'
          ? (missing(draft.folder) ?? said('baseModel/path') ?? titleOf('training.base-model-missing'))
          : undefined,
      datasetId: missing(draft.datasetId) ?? said('datasetId') ?? titleOf('training.dataset-not-ready'),
    }
  })
  const wrong = computed(() => Object.values(problems.value).filter(Boolean).length)
  return { problems, wrong }
}
