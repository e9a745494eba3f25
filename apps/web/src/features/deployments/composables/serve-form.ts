import { useQueryClient } from '@tanstack/vue-query'
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { randomId } from '../../../composables/random-id.ts'
import { useTexts } from '../../../composables/texts.ts'
import type { BaseModel, Deployment, NewDeployment } from '../deployments.api.ts'

interface Fields {
  from: 'run' | 'base'
  runId: string
  base: BaseModel['kind']
  hubId: string
  folder: string
  name: string
}
const empty = (): Fields => ({ from: 'run', runId: '', base: 'starter', hubId: '', folder: '', name: '' })

/** The form that serves a run's result or a base model. */
export function useServeForm() {
  const { t } = useTexts()
  const queries = useQueryClient()
  const fields = reactive<Fields>(empty())
  const tried = ref(false)
  const busy = ref(false)
  const error = shallowRef<ApiError | null>(null)
  let attempt = randomId()
  watch(fields, () => {
    error.value = null
    attempt = randomId()
  })

  const missing = (value: string): string | undefined =>
    tried.value && !value.trim() ? t('deployments.form.required') : undefined
  const problems = computed(() => {
    const code = error.value?.code
    const isRun = fields.from === 'run'
    return {
      runId: isRun
        ? (missing(fields.runId) ??
          (code === 'deployments.nothing-to-serve' ? error.value?.title : undefined))
        : undefined,
      hubId: !isRun && fields.base === 'hub' ? missing(fields.hubId) : undefined,
      folder:
        !isRun && fields.base === 'folder'
          ? (missing(fields.folder) ??
            (code === 'training.base-model-missing' ? error.value?.title : undefined))
          : undefined,
      name:
        error.value?.field('name') ?? (code === 'deployments.name-taken' ? error.value?.title : undefined),
    }
  })
  const wrong = computed(() => Object.values(problems.value).some(Boolean))
  /** What no field says. */
  const otherError = computed(() => (error.value && !wrong.value ? error.value : null))

  function source(): NewDeployment['source'] {
    if (fields.from === 'run') return { kind: 'training-run', trainingRunId: fields.runId }
    if (fields.base === 'hub')
      return { kind: 'base-model', baseModel: { kind: 'hub', id: fields.hubId.trim() } }
    return fields.base === 'folder'
      ? { kind: 'base-model', baseModel: { kind: 'folder', path: fields.folder.trim() } }
      : { kind: 'base-model', baseModel: { kind: 'starter' } }
  }

  function reset(): void {
    Object.assign(fields, empty())
    tried.value = false
    error.value = null
  }

  /** The deployment that was made; null where the form has to be changed. */
  async function submit(): Promise<Deployment | null> {
    tried.value = true
    if (busy.value || wrong.value) return null
    busy.value = true
    try {
      const name = fields.name.trim()
      const made = await call('deployments.create', {
        body: { source: source(), ...(name ? { name } : {}) },
        idempotencyKey: attempt,
      })
      await queries.invalidateQueries({ queryKey: ['deployment'] })
      return made
    } catch (cause) {
      error.value = asApiError(cause)
      // An answer is kept under its key; only a request without one is sent again as the same.
      if (error.value.status !== 0) attempt = randomId()
      return null
    } finally {
      busy.value = false
    }
  }

  return { fields, problems, otherError, busy, reset, submit }
}
