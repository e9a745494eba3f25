import { refDebounced, useLocalStorage } from '@vueuse/core'
import { computed, ref, watch, type Ref } from 'vue'
import type { Sort } from '../../../ui/data-table.ts'
import type { ProjectKeys, RunQuery, RunState } from '../tracking.api.ts'
import { useAddress } from './address.ts'
import { mostShown, shownFirst } from './chart-runs.ts'
import { type RunColumn, columnId, columnOf, defaultColumns } from './columns.ts'

interface Kept {
  /** Runs that someone chose to see, or not to. */
  on: string[]
  off: string[]
  columns: string[] | null
}

const empty: Kept = { on: [], off: [], columns: null }
const states: readonly RunState[] = ['running', 'finished', 'crashed', 'aborted', 'announced']

/** The table of a project's runs: filter and order in the address, columns and eyes kept per project. */
export function useProjectView(projectId: Ref<string>, keys: Ref<ProjectKeys | undefined>) {
  const kept = useLocalStorage<Record<string, Kept>>('anneal.tracking.projects', {})
  const own = computed((): Kept => kept.value[projectId.value] ?? empty)
  const change = (next: Partial<Kept>) => {
    kept.value = { ...kept.value, [projectId.value]: { ...own.value, ...next } }
  }

  const searchInAddress = useAddress('q')
  const search = ref(searchInAddress.value)
  const searched = refDebounced(search, 250)
  watch(searched, (text) => (searchInAddress.value = text))
  const stateInAddress = useAddress('state')
  const state = computed({
    get: (): RunState | null => states.find((one) => one === stateInAddress.value) ?? null,
    set: (value) => (stateInAddress.value = value ?? ''),
  })
  const sortInAddress = useAddress('sort')
  const orderInAddress = useAddress('order', 'down')
  const sort = computed({
    get: (): Sort | null =>
      sortInAddress.value ? { key: sortInAddress.value, down: orderInAddress.value === 'down' } : null,
    set: (value) => {
      sortInAddress.value = value?.key ?? ''
      orderInAddress.value = !value || value.down ? 'down' : 'up'
    },
  })

  const columns = computed((): RunColumn[] => {
    if (own.value.columns) return own.value.columns.flatMap((id) => columnOf(id) ?? [])
    return keys.value ? defaultColumns(keys.value) : []
  })
  const valueKeys = computed(() => columns.value.filter(({ kind }) => kind === 'value').map(({ key }) => key))

  const asked = computed((): RunQuery => {
    const column = sort.value ? columnOf(sort.value.key) : null
    const plain = sort.value?.key === 'name' || sort.value?.key === 'duration' ? sort.value.key : 'created'
    return {
      search: searched.value,
      state: state.value ?? undefined,
      sort: column ? column.kind : plain,
      by: column?.key,
      order: sort.value && !sort.value.down ? 'up' : 'down',
      keys: valueKeys.value,
    }
  })

  /** The first few, but for what someone chose. */
  function shownOf(ids: readonly string[]): string[] {
    const on = new Set(own.value.on)
    const off = new Set(own.value.off)
    const chosen = ids.filter((id) => on.has(id))
    const first = ids
      .filter((id) => !on.has(id) && !off.has(id))
      .slice(0, Math.max(0, shownFirst - chosen.length))
    const shown = new Set([...chosen, ...first])
    return ids.filter((id) => shown.has(id)).slice(0, mostShown)
  }
  function show(ids: readonly string[], visible: boolean): void {
    const given = new Set(ids)
    const on = own.value.on.filter((id) => !given.has(id))
    const off = own.value.off.filter((id) => !given.has(id))
    // Ids of long ago are forgotten before they fill the storage.
    change({
      on: (visible ? [...ids, ...on] : on).slice(0, 200),
      off: (visible ? off : [...ids, ...off]).slice(0, 500),
    })
  }
  function toggleColumn(column: RunColumn): void {
    const ids = columns.value.map(columnId)
    const id = columnId(column)
    change({ columns: ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id].slice(0, 12) })
  }

  return {
    search,
    searched,
    state,
    sort,
    columns,
    asked,
    shownOf,
    show,
    toggleColumn,
    resetColumns: () => change({ columns: null }),
    filtered: computed(() => searched.value !== '' || state.value !== null),
    clear: () => {
      search.value = ''
      state.value = null
    },
  }
}

export type ProjectView = ReturnType<typeof useProjectView>
