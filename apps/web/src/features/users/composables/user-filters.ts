import type { Role } from '@anneal/contract'
import { refDebounced } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Sort } from '../../../ui/data-table.ts'
import type { Filters } from '../users.api.ts'

const states = ['active', 'disabled'] as const
const factors = ['on', 'off'] as const
const sorts = ['name', 'role', 'seen'] as const
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
  const factor = computed<(typeof factors)[number] | null>({
    get: () => one(route.query['factor'], factors),
    set: (value) => replace('factor', value),
  })
  const group = computed<string | null>({
    get: () =>
      typeof route.query['group'] === 'string' && route.query['group'] ? route.query['group'] : null,
    set: (value) => replace('group', value),
  })
  /** By a column's head; without one the newest come first. */
  const sort = computed<Sort | null>({
    get: () => {
      const key = one(route.query['sort'], sorts)
      return key && { key, down: route.query['down'] === '1' }
    },
    set: (value) =>
      void router.replace({
        query: { ...route.query, sort: value?.key, down: value?.down ? '1' : undefined },
      }),
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
    factor: factor.value,
    group: group.value,
    sort: one(sort.value?.key, sorts) ?? 'created',
    order: sort.value ? (sort.value.down ? 'desc' : 'asc') : null,
  }))
  const filtering = computed(() =>
    Boolean(searched.value.trim() || role.value || state.value || factor.value || group.value),
  )

  function clear(): void {
    search.value = ''
    const none = { q: undefined, role: undefined, state: undefined, factor: undefined, group: undefined }
    void router.replace({ query: { ...route.query, ...none } })
  }
  return { search, role, state, factor, group, sort, opened, filters, filtering, clear }
}
