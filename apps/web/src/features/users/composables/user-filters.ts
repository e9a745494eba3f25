import type { Role } from '@anneal/contract'
import { refDebounced } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Filters } from '../users.api.ts'

const states = ['active', 'disabled'] as const
const one = <T extends string>(value: unknown, of: readonly T[]): T | null =>
  of.find((known) => known === value) ?? null

/** Search, filters and order of the list, which live in the address. */
export function useUserFilters() {
  const route = useRoute()
  const router = useRouter()
  const search = ref(typeof route.query['q'] === 'string' ? route.query['q'] : '')
  const searched = refDebounced(search, 200)

  const replace = (key: string, value: string | null) =>
    void router.replace({ query: { ...route.query, [key]: value || undefined } })
  watch(searched, (text) => replace('q', text))

  const role = computed<Role | null>({
    // A built-in role by its name, or an own one by its id.
    get: () => (typeof route.query['role'] === 'string' && route.query['role'] ? route.query['role'] : null),
    set: (value) => replace('role', value),
  })
  const state = computed<(typeof states)[number] | null>({
    get: () => one(route.query['state'], states),
    set: (value) => replace('state', value),
  })
  const sort = computed<'seen' | null>({
    get: () => one(route.query['sort'], ['seen'] as const),
    set: (value) => replace('sort', value),
  })
  /** Who is shown at the side. */
  const opened = computed<string | null>({
    get: () => (typeof route.query['user'] === 'string' ? route.query['user'] : null),
    set: (value) => replace('user', value),
  })
  const filters = computed<Filters>(() => ({
    search: searched.value.trim(),
    role: role.value,
    state: state.value,
    sort: sort.value ?? 'created',
  }))
  const filtering = computed(() => Boolean(searched.value.trim() || role.value || state.value))

  function clear(): void {
    search.value = ''
    void router.replace({ query: { ...route.query, q: undefined, role: undefined, state: undefined } })
  }
  return { search, role, state, sort, opened, filters, filtering, clear }
}
