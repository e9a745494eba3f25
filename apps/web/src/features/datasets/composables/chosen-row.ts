import { type Ref, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { useRowPages } from './row-pages.ts'

/** The row that is shown. The address names it by its line, so that a link to it holds. */
export function useChosenRow(pages: ReturnType<typeof useRowPages>, count: Ref<number>) {
  const route = useRoute()
  const router = useRouter()
  const selected = ref(0)
  /** The line from which on there is no good row. */
  const missing = ref<number | null>(null)
  let wanted = Number(route.query['row']) || 0

  function select(position: number): void {
    selected.value = Math.min(Math.max(0, position), Math.max(0, count.value - 1))
    missing.value = null
    pages.need(selected.value, selected.value + 1)
  }
  async function goTo(row: number): Promise<void> {
    const item = await pages.find(row)
    if (item) select(item.position - 1)
    else missing.value = row
  }
  watch(
    count,
    (now) => {
      if (now === 0) return
      if (wanted > 0) void goTo(wanted)
      else select(selected.value)
      wanted = 0
    },
    { immediate: true },
  )
  watch([selected, () => pages.rows.get(selected.value)?.row], ([position, row]) => {
    if (row === undefined || route.name !== 'dataset') return
    const shown = position === 0 ? undefined : String(row)
    if (route.query['row'] !== shown) void router.replace({ query: { ...route.query, row: shown } })
  })
  return { selected, missing, select, goTo }
}
