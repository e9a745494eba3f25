import { computed } from 'vue'
import { useRouter } from 'vue-router'
import { useTexts } from '../../../composables/texts.ts'
import { useUrlFilter, useUrlSearch } from '../../../composables/url-filter.ts'

const states = ['live', 'succeeded', 'stopped', 'failed'] as const
const bases = ['starter', 'hub', 'folder'] as const

/** What the list of runs is narrowed to and ordered by, all of it in the address. */
export function useRunFilters() {
  const { t } = useTexts()
  const router = useRouter()
  const state = useUrlFilter('state', states)
  const base = useUrlFilter('base', bases)
  const owner = useUrlFilter('owner', ['mine'])
  const order = useUrlFilter('order', ['oldest'])
  const { search, searched } = useUrlSearch()

  const query = computed(() => ({
    state: state.value ?? undefined,
    base: base.value ?? undefined,
    owner: owner.value ?? undefined,
    order: order.value ?? undefined,
    search: searched.value || undefined,
  }))
  /** Something may be hidden: another order hides nothing. */
  const filtered = computed(
    () => state.value !== null || base.value !== null || owner.value !== null || search.value !== '',
  )
  const options = computed(() => ({
    state: states.map((value) => ({ value, label: t(`training.filters.states.${value}`) })),
    base: bases.map((value) => ({ value, label: t(`training.filters.bases.${value}`) })),
    owner: [{ value: 'mine' as const, label: t('training.filters.mine') }],
    order: [{ value: 'oldest' as const, label: t('training.filters.oldest') }],
  }))

  function clear(): void {
    search.value = ''
    void router.replace({ query: {} })
  }

  return { state, base, owner, order, search, query, filtered, options, clear }
}
