import { useQueryClient } from '@tanstack/vue-query'
import { computed, ref, shallowRef, watch } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { randomId } from '../../../composables/random-id.ts'
import { type Dataset, type Run, useDatasets, useDefaults } from '../training.api.ts'
import { useRunName } from './run-name.ts'
import { useTrainingDraft } from './training-draft.ts'
import { baseModelOf, inputOf } from './training-input.ts'
import { useTrainingNumbers } from './training-numbers.ts'
import { useTrainingProblems } from './training-problems.ts'

export function isUsable(dataset: Dataset): boolean {
  return dataset.state === 'ready' && dataset.rows > 0
}

/** The form that starts a training run: suggestions, what was changed of them, what is wrong with it. */
export function useTrainingForm() {
  const queries = useQueryClient()
  const { draft, fill, discard, forget } = useTrainingDraft()
  const base = computed(() => draft.base)
  const tuning = computed(() => draft.tuning)
  const defaults = useDefaults(base, tuning)
  const datasets = useDatasets()
  const dataset = computed(() => datasets.data.value?.find((one) => one.id === draft.datasetId))
  const name = useRunName(draft, dataset)
  const numbers = useTrainingNumbers(draft, defaults.data)
  const starting = ref(false)
  const tried = ref(false)
  const error = shallowRef<ApiError | null>(null)
  const { wrongNumber, numberOf } = numbers
  const { problems, wrong } = useTrainingProblems({ draft, wrongNumber, numberOf, tried, error })

  // What was sent and refused is another request once it was changed.
  let attempt = randomId()
  watch(draft, () => {
    error.value = null
    attempt = randomId()
  })
  // One that was deleted since the draft was written is no choice any more; the only one there is needs no choosing.
  watch(
    datasets.data,
    (list) => {
      if (!list) return
      if (draft.datasetId && !list.some((one) => one.id === draft.datasetId)) draft.datasetId = ''
      const usable = list.filter(isUsable)
      if (!draft.datasetId && usable.length === 1) draft.datasetId = usable[0]?.id ?? ''
    },
    { immediate: true },
  )

  /** The run that was started; null where the form has to be changed, which is said at its fields. */
  async function start(): Promise<Run | null> {
    tried.value = true
    if (starting.value || wrong.value > 0) return null
    starting.value = true
    error.value = null
    try {
      const body = inputOf(draft, name.value.trim(), numbers)
      const run = await call('training.start', { body, idempotencyKey: attempt })
      queries.setQueryData(['training-run', 'one', run.id], run)
      void queries.invalidateQueries({ queryKey: ['training-run'] })
      forget()
      return run
    } catch (cause) {
      error.value = asApiError(cause)
      // An answer is kept under its key; only a request without one is sent again as the same.
      if (error.value.status !== 0) attempt = randomId()
      return null
    } finally {
      starting.value = false
    }
  }

  const baseModel = computed(() => baseModelOf(draft))
  const form = { draft, fill, discard, name, dataset, datasets, baseModel, problems, wrong, tried }
  return { ...form, ...numbers, starting, error, start }
}

export type TrainingForm = ReturnType<typeof useTrainingForm>
