import { useQueryClient } from '@tanstack/vue-query'
import { computed, reactive, ref, watch, type Ref } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { randomId } from '../../../composables/random-id.ts'
import {
  type Connection,
  type Model,
  type ProviderKind,
  type ReasoningProfile,
  type TestDraft,
  usualAddress,
} from '../models.api.ts'

export interface Fields {
  /** Empty: a connection that is made with the model. */
  connectionId: string
  provider: ProviderKind
  baseUrl: string
  apiKey: string
  connectionName: string
  providerModel: string
  name: string
  contextWindow: string
  reasoningProfile: ReasoningProfile
}

function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return ''
  }
}

/** The form that adds a model (with or without a new connection) or changes one. */
export function useModelForm(options: { model: Ref<Model | null>; connections: Ref<readonly Connection[]> }) {
  const queries = useQueryClient()
  const fields = reactive<Fields>(empty())
  const saving = ref(false)
  const error = ref<ApiError | null>(null)
  const offered = ref<string[]>([])
  const listing = ref(false)
  let initial = ''

  function empty(): Fields {
    return {
      connectionId: '',
      provider: 'openai-compatible',
      baseUrl: usualAddress['openai-compatible'],
      apiKey: '',
      connectionName: '',
      providerModel: '',
      name: '',
      contextWindow: '',
      reasoningProfile: 'at-start',
    }
  }

  function reset(): void {
    const { value: model } = options.model
    const own = options.connections.value.find((one) => !one.managed)
    Object.assign(fields, empty(), model ? ofModel(model) : { connectionId: own?.id ?? '' })
    offered.value = []
    error.value = null
    initial = JSON.stringify(fields)
  }

  function ofModel(model: Model): Partial<Fields> {
    return {
      connectionId: model.connectionId,
      provider: model.provider,
      providerModel: model.providerModel,
      name: model.name,
      contextWindow: model.contextWindow?.toString() ?? '',
      reasoningProfile: model.reasoningProfile,
    }
  }

  watch(
    () => fields.provider,
    (kind, before) => {
      if (fields.baseUrl === '' || fields.baseUrl === usualAddress[before])
        fields.baseUrl = usualAddress[kind]
      offered.value = []
    },
  )

  const isNew = computed(() => options.model.value === null)
  const newConnection = computed(() => isNew.value && fields.connectionId === '')
  const changed = computed(() => JSON.stringify(fields) !== initial)
  const addressOk = computed(() => /^https?:\/\/\S+$/.test(fields.baseUrl.trim()))
  const complete = computed(
    () => fields.providerModel.trim() !== '' && (!newConnection.value || addressOk.value),
  )

  /** What a list or a test is asked with: the stored connection, or what stands in the form. */
  const source = computed<TestDraft | null>(() => {
    if (!newConnection.value) return { connectionId: fields.connectionId }
    if (!addressOk.value) return null
    return {
      provider: fields.provider,
      baseUrl: fields.baseUrl.trim(),
      ...(fields.apiKey ? { apiKey: fields.apiKey } : {}),
    }
  })
  const testDraft = computed<TestDraft | null>(() => {
    if (!source.value || fields.providerModel.trim() === '') return null
    const modelId = options.model.value?.id
    return { ...source.value, ...(modelId ? { modelId } : {}), providerModel: fields.providerModel.trim() }
  })

  async function list(): Promise<void> {
    if (!source.value || listing.value || offered.value.length > 0) return
    listing.value = true
    try {
      const { items } = await call('models.offered', { body: source.value })
      offered.value = items.map((item) => item.id)
    } catch {
      /* The id can be typed; why the list is missing is what the test says. */
    } finally {
      listing.value = false
    }
  }

  async function save(): Promise<boolean> {
    if (!complete.value || saving.value) return false
    saving.value = true
    error.value = null
    try {
      if (isNew.value) await create()
      else await update()
      await queries.invalidateQueries({ queryKey: ['model'] })
      return true
    } catch (cause) {
      error.value = asApiError(cause)
      return false
    } finally {
      saving.value = false
    }
  }

  const common = () => ({
    name: fields.name.trim() || fields.providerModel.trim(),
    reasoningProfile: fields.reasoningProfile,
    contextWindow: fields.contextWindow.trim() === '' ? null : Number(fields.contextWindow),
  })

  async function create(): Promise<void> {
    if (newConnection.value) {
      const made = await call('models.createConnection', {
        body: {
          name: fields.connectionName.trim() || hostOf(fields.baseUrl),
          provider: fields.provider,
          baseUrl: fields.baseUrl.trim(),
          apiKey: fields.apiKey || null,
        },
        idempotencyKey: randomId(),
      })
      /* Should the model be refused, the connection is there already: it is used, not made again. */
      await queries.invalidateQueries({ queryKey: ['connection'] })
      fields.connectionId = made.id
    }
    await call('models.create', {
      body: { ...common(), connectionId: fields.connectionId, providerModel: fields.providerModel.trim() },
      idempotencyKey: randomId(),
    })
  }

  async function update(): Promise<void> {
    const { value: model } = options.model
    if (!model) return
    const providerModel = fields.providerModel.trim()
    await call('models.update', {
      params: { id: model.id },
      body: {
        ...common(),
        version: model.version,
        ...(model.deploymentId === null && providerModel !== model.providerModel ? { providerModel } : {}),
      },
    })
  }

  return {
    fields,
    reset,
    isNew,
    newConnection,
    changed,
    complete,
    addressOk,
    testDraft,
    offered,
    listing,
    list,
    saving,
    error,
    save,
  }
}
