import { refDebounced } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Sort } from '../../../ui/data-table.ts'
import type { Filters } from '../models.api.ts'

export const healths = ['failing', 'slow', 'ok', 'unknown', 'off'] as const
export const abilities = ['reasoning', 'tools', 'vision', 'json', 'embedding'] as const
export const spans = [1, 24, 168] as const

function oneOf<T extends string>(values: readonly T[], value: unknown): T | null {
  return values.find((one) => one === value) ?? null
}

/** Search, filters, order and time span of the list of models, kept in the address. */
export function useListView() {
  const route = useRoute()
  const router = useRouter()
  const put = (changed: Record<string, string | undefined>): void =>
    void router.replace({ query: { ...route.query, ...changed } })
  const filter = <T extends string>(key: string, values: readonly T[] | null) =>
    computed<T | null>({
      get: () => {
        const value = route.query[key]
        if (values) return oneOf(values, value)
        return typeof value === 'string' && value !== '' ? (value as T) : null
      },
      set: (value) => put({ [key]: value ?? undefined }),
    })

  const search = ref(typeof route.query['q'] === 'string' ? route.query['q'] : '')
  const searched = refDebounced(search, 200)
  watch(searched, (text) => put({ q: text || undefined }))
  const connection = filter<string>('connection', null)
  const health = filter('health', healths)
  const capability = filter('can', abilities)
  const hours = computed<number>({
    get: () => spans.find((one) => String(one) === route.query['hours']) ?? 24,
    set: (value) => put({ hours: value === 24 ? undefined : String(value) }),
  })
  const sort = computed<Sort | null>({
    get: () => {
      const key = route.query['sort']
      if (typeof key !== 'string' || key === '') return null
      return { key: key.replace(/^-/, ''), down: key.startsWith('-') }
    },
    set: (value) => put({ sort: value ? `${value.down ? '-' : ''}${value.key}` : undefined }),
  })
  const filters = computed<Filters>(() => ({
    ...(searched.value ? { search: searched.value } : {}),
    ...(connection.value ? { connectionId: connection.value } : {}),
    ...(health.value ? { health: health.value } : {}),
    ...(capability.value ? { capability: capability.value } : {}),
  }))
  const isFiltered = computed(() => Object.keys(filters.value).length > 0)

  function clear(): void {
    search.value = ''
    put({ q: undefined, connection: undefined, health: undefined, can: undefined })
  }

  return { search, connection, health, capability, hours, sort, filters, isFiltered, clear }
}
