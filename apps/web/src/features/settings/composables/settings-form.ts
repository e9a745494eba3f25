import { useQueryClient } from '@tanstack/vue-query'
import { computed, reactive, ref, shallowRef, watch, type Ref } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import type { Setting } from '../settings.api.ts'

/** The settings that the page has fields for, with what their fields hold. */
export interface Fields {
  'instance.name': string
  'instance.zone': string
  'defaults.model': string | null
  'defaults.prompt': string | null
  'generations.firstTokenTimeout': number | undefined
  'generations.idleTimeout': number | undefined
  'outbound.allowPrivate': boolean
  'privacy.readOthersConversations': boolean
}

/** What differs from the server's is kept while others change the rest; a clash is said, and nothing is lost. */
export function useSettingsForm(settings: Ref<readonly Setting[] | undefined>) {
  const queries = useQueryClient()
  const fields = reactive<Partial<Fields>>({})
  const versions = new Map<string, number>()
  const stored = reactive<Partial<Record<string, unknown>>>({})
  const saving = ref(false)
  const error = shallowRef<ApiError | null>(null)
  /** Settings that somebody else changed while they were changed here. */
  const clashes = ref<string[]>([])

  const isChanged = (key: string) => (fields as Record<string, unknown>)[key] !== stored[key]
  const changed = computed(() => Object.keys(fields).filter(isChanged))

  function take(items: readonly Setting[]): void {
    for (const { key, value, version } of items) {
      const wasChanged = key in stored && isChanged(key)
      const isOld = versions.get(key) === version
      const isHere = (fields as Record<string, unknown>)[key] === value
      if (wasChanged && !isOld && !isHere && stored[key] !== value) clashes.value = [...clashes.value, key]
      if (!wasChanged) (fields as Record<string, unknown>)[key] = value
      stored[key] = value
      versions.set(key, version)
    }
  }
  watch(settings, (items) => items && take(items), { immediate: true })

  async function save(): Promise<boolean> {
    saving.value = true
    error.value = null
    try {
      const changes = changed.value.map((key) => ({
        key,
        value: (fields as Record<string, unknown>)[key] ?? null,
        version: versions.get(key) ?? 0,
      }))
      const { items } = await call('admin.changeSettings', { body: { changes } })
      const sent = new Map(changes.map(({ key, value }) => [key, value]))
      take(items)
      clashes.value = []
      /* As it was stored; what was typed meanwhile stays. */
      for (const { key, value } of items) {
        const here = (fields as Record<string, unknown>)[key] ?? null
        if (sent.has(key) && here === sent.get(key)) (fields as Record<string, unknown>)[key] = value
      }
      await queries.invalidateQueries({ queryKey: ['setting'] })
      return true
    } catch (cause) {
      error.value = asApiError(cause)
      /* What holds now is read anew; what was typed stays. */
      if (error.value.status === 409) await queries.invalidateQueries({ queryKey: ['setting'] })
      return false
    } finally {
      saving.value = false
    }
  }
  function reset(): void {
    for (const key of changed.value) (fields as Record<string, unknown>)[key] = stored[key]
    clashes.value = []
    error.value = null
  }
  return { fields, changed, stored, saving, error, clashes, save, reset }
}
