import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref, shallowRef, watch } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { randomId } from '../../../composables/random-id.ts'
import { useTexts } from '../../../composables/texts.ts'
import {
  type BaseModel,
  type Dataset,
  type Run,
  type TrainingInput,
  useDatasets,
  useDefaults,
} from '../training.api.ts'
import { useTrainingDraft } from './training-draft.ts'
import { freeName, isValid, limits, type NumberField, parseNumber, slug } from './training-fields.ts'

/** What the server suggests no figure for, as the trainer takes it where it is absent. */
const loraDefaults = { rank: 16, alpha: 32, dropout: 0 } as const

export function isUsable(dataset: Dataset): boolean {
  return dataset.state === 'ready' && dataset.rows > 0
}

/** The form that starts a training run: suggestions, what was changed of them, what is wrong with it. */
export function useTrainingForm() {
  const { t, formatNumber, formatScientific } = useTexts()
  const queries = useQueryClient()
  const { draft, fill, discard, forget } = useTrainingDraft()
  const base = computed(() => draft.base)
  const tuning = computed(() => draft.tuning)
  const defaults = useDefaults(base, tuning)
  const datasets = useDatasets()
  const names = useQuery({
    queryKey: ['training-run', 'names'],
    queryFn: async ({ signal }) =>
      new Set(
        (await call('training.list', { query: { limit: 200 }, signal })).items.map(({ name }) =>
          name.toLowerCase(),
        ),
      ),
  })
  const starting = ref(false)
  const tried = ref(false)
  const error = shallowRef<ApiError | null>(null)
  watch(draft, () => (error.value = null))

  const dataset = computed(() => datasets.data.value?.find((one) => one.id === draft.datasetId))
  const baseModel = computed<BaseModel>(() => {
    if (draft.base === 'hub') return { kind: 'hub', id: draft.hubId.trim() }
    return draft.base === 'folder' ? { kind: 'folder', path: draft.folder.trim() } : { kind: 'starter' }
  })
  const baseShort = computed(() => {
    if (draft.base === 'starter') return 'starter'
    const text = draft.base === 'hub' ? draft.hubId : draft.folder
    return slug(text.split('/').filter(Boolean).at(-1) ?? '')
  })
  const suggestedName = computed(() => {
    const parts = [slug(dataset.value?.name ?? ''), baseShort.value].filter(Boolean)
    return freeName(parts.join('-') || 'run', names.data.value ?? new Set())
  })
  const name = computed({
    get: () => draft.name || suggestedName.value,
    set: (value: string) => (draft.name = value === suggestedName.value ? '' : value),
  })

  function suggested(field: NumberField): number | null {
    if (field === 'rank' || field === 'alpha' || field === 'dropout') return loraDefaults[field]
    return defaults.data.value?.[field] ?? null
  }
  function show(field: NumberField, value: number): string {
    return field === 'learningRate' ? formatScientific(value) : String(value)
  }
  /** The figure that counts: what was typed, else what is suggested. */
  function numberOf(field: NumberField): number {
    const typed = draft.numbers[field]
    return typed?.trim() ? parseNumber(typed) : (suggested(field) ?? NaN)
  }
  function textOf(field: NumberField): string {
    const value = suggested(field)
    return draft.numbers[field] ?? (value === null ? '' : show(field, value))
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
  const missing = (value: string): string | undefined =>
    tried.value && value.trim() === '' ? t('training.form.required') : undefined
  const pathFor: Partial<Record<NumberField, string>> = {
    rank: 'tuning/rank',
    alpha: 'tuning/alpha',
    dropout: 'tuning/dropout',
  }
  const problems = computed(() => {
    const said = (field: string) => error.value?.field(field)
    const numbers = Object.fromEntries(
      (Object.keys(limits) as NumberField[]).map((field) => [
        field,
        wrongNumber(field) ?? said(pathFor[field] ?? field),
      ]),
    ) as Record<NumberField, string | undefined>
    const folderGone = error.value?.code === 'training.base-model-missing' ? error.value.title : undefined
    const datasetBad = error.value?.code === 'training.dataset-not-ready' ? error.value.title : undefined
    return {
      ...numbers,
      name: said('name'),
      hubId: draft.base === 'hub' ? (missing(draft.hubId) ?? said('baseModel/id')) : undefined,
      folder:
        draft.base === 'folder' ? (missing(draft.folder) ?? said('baseModel/path') ?? folderGone) : undefined,
      datasetId: missing(draft.datasetId) ?? said('datasetId') ?? datasetBad,
    }
  })
  const wrong = computed(() => Object.values(problems.value).filter(Boolean).length)

  const visible = computed<NumberField[]>(() => [
    'saveEvery',
    'seed',
    ...(draft.tuning === 'lora' ? (['rank', 'alpha', 'dropout'] as const) : []),
  ])
  const advancedChanged = computed(() => visible.value.filter(isChanged).length)

  function body(): TrainingInput {
    const settings: Partial<Record<NumberField, number>> = {}
    for (const field of Object.keys(draft.numbers) as NumberField[]) {
      if (!(field in loraDefaults) && isChanged(field)) settings[field] = numberOf(field)
    }
    return {
      name: name.value.trim(),
      datasetId: draft.datasetId,
      baseModel: baseModel.value,
      tuning:
        draft.tuning === 'full'
          ? { kind: 'full' }
          : {
              kind: 'lora',
              rank: numberOf('rank'),
              alpha: numberOf('alpha'),
              dropout: numberOf('dropout'),
            },
      ...settings,
    }
  }

  let attempt = randomId()
  watch(draft, () => (attempt = randomId()))

  /** The run that was started; null where the form has to be changed, which is said at its fields. */
  async function start(): Promise<Run | null> {
    tried.value = true
    if (starting.value || wrong.value > 0) return null
    starting.value = true
    error.value = null
    try {
      const run = await call('training.start', { body: body(), idempotencyKey: attempt })
      queries.setQueryData(['training-run', 'one', run.id], run)
      void queries.invalidateQueries({ queryKey: ['training-run'] })
      forget()
      return run
    } catch (cause) {
      error.value = asApiError(cause)
      return null
    } finally {
      starting.value = false
    }
  }

  return {
    draft,
    fill,
    discard,
    name,
    dataset,
    datasets,
    baseModel,
    defaults,
    suggested,
    numberOf,
    textOf,
    type,
    settle,
    isChanged,
    problems,
    wrong,
    tried,
    advancedChanged,
    starting,
    error,
    start,
  }
}

export type TrainingForm = ReturnType<typeof useTrainingForm>
