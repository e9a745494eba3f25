import { useQueryClient } from '@tanstack/vue-query'
import { computed, reactive, ref, watch, type Ref } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { randomId } from '../../../composables/random-id.ts'
import {
  type Connection,
  type Model,
  type OfferedModel,
  type TestDraft,
  usualAddress,
} from '../models.api.ts'
import { type Fields, bodyOf, emptyFields, faultsOf, fieldsOf, suggest, takeOver } from './model-fields.ts'

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? ''
}

const copyOf = (fields: Fields): Fields => ({ ...fields, capabilities: { ...fields.capabilities } })

/** The form that adds a model (with or without a new connection) or changes one. */
export function useModelForm(options: { model: Ref<Model | null>; connections: Ref<readonly Connection[]> }) {
  const queries = useQueryClient()
  const fields = reactive<Fields>(emptyFields())
  const saving = ref(false)
  const error = ref<ApiError | null>(null)
  const offered = ref<OfferedModel[]>([])
  const listing = ref(false)
  const initial = ref<Fields>(emptyFields())
  /** What a change is based on. */
  const version = ref(1)

  function reset(): void {
    const { value: model } = options.model
    const own = options.connections.value.find((one) => !one.managed)
    Object.assign(fields, emptyFields(), model ? fieldsOf(model) : { connectionId: own?.id ?? '' })
    offered.value = []
    error.value = null
    initial.value = copyOf(fields)
    version.value = model?.version ?? 1
  }

  watch(
    () => fields.provider,
    (kind, before) => {
      const isUsual = fields.baseUrl === '' || fields.baseUrl === usualAddress[before]
      if (isUsual && options.model.value === null) fields.baseUrl = usualAddress[kind]
      offered.value = []
    },
  )
  watch(
    () => fields.connectionId,
    () => (offered.value = []),
  )

  const isNew = computed(() => options.model.value === null)
  const newConnection = computed(() => isNew.value && fields.connectionId === '')
  const changes = computed(
    () =>
      (Object.keys(fields) as (keyof Fields)[]).filter(
        (key) => JSON.stringify(fields[key]) !== JSON.stringify(initial.value[key]),
      ).length,
  )
  const addressOk = computed(() => /^https?:\/\/\S+$/.test(fields.baseUrl.trim()))
  const faults = computed(() => faultsOf(fields))
  const complete = computed(
    () =>
      fields.providerModel.trim() !== '' &&
      Object.keys(faults.value).length === 0 &&
      (!newConnection.value || addressOk.value),
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
    if (!source.value || fields.providerModel.trim() === '' || fields.kind === 'embedding') return null
    const modelId = options.model.value?.id
    return { ...source.value, ...(modelId ? { modelId } : {}), providerModel: fields.providerModel.trim() }
  })

  async function list(): Promise<void> {
    if (!source.value || listing.value || offered.value.length > 0) return
    listing.value = true
    try {
      offered.value = (await call('models.offered', { body: source.value })).items
    } catch {
      /* The id can be typed; why the list is missing is what the test says. */
    } finally {
      listing.value = false
    }
  }

  function chooseOffered(id: string): void {
    const found = offered.value.find((one) => one.id === id)
    if (found && isNew.value) suggest(fields, found)
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
      if (error.value.code === 'platform.stale-version') await catchUp()
      return false
    } finally {
      saving.value = false
    }
  }

  /** Somebody else was first: the next save goes by what is stored now. */
  async function catchUp(): Promise<void> {
    const { value: model } = options.model
    if (!model) return
    const stored = await call('models.get', { params: { id: model.id } }).catch(() => null)
    if (!stored) return
    const fresh: Fields = { ...emptyFields(), ...fieldsOf(stored) }
    Object.assign(fields, takeOver(fields, initial.value, fresh))
    initial.value = fresh
    version.value = stored.version
  }

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
      body: {
        ...bodyOf(fields),
        connectionId: fields.connectionId,
        providerModel: fields.providerModel.trim(),
      },
      idempotencyKey: randomId(),
    })
  }

  async function update(): Promise<void> {
    const { value: model } = options.model
    if (!model) return
    const { visibility, ...body } = bodyOf(fields)
    const providerModel = fields.providerModel.trim()
    await call('models.update', {
      params: { id: model.id },
      body: {
        ...body,
        version: version.value,
        // Who may use it is its manager's to say: sent only where it was changed.
        ...(visibility === model.visibility ? {} : { visibility }),
        ...(model.deploymentId === null && providerModel !== model.providerModel ? { providerModel } : {}),
      },
    })
  }

  return {
    fields,
    faults,
    reset,
    isNew,
    newConnection,
    changes,
    complete,
    addressOk,
    testDraft,
    offered,
    listing,
    list,
    chooseOffered,
    saving,
    error,
    save,
  }
}
