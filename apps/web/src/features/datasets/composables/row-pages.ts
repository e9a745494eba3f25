import { type Ref, ref, shallowReactive, shallowRef, watch } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import type { RowItem } from '../datasets.api.ts'

const pageSize = 50

/**
 * Good rows by their place among them, from 0, read a page at a time as they come into sight. `stamp` changes with each
 * check, and what was read before is forgotten.
 */
export function useRowPages(id: Ref<string>, stamp: Ref<string>) {
  const rows = shallowReactive(new Map<number, RowItem>())
  const error = shallowRef<ApiError | null>(null)
  const searching = ref(false)
  const asked = new Set<number>()
  let abort = new AbortController()

  function forget(): void {
    abort.abort()
    abort = new AbortController()
    asked.clear()
    rows.clear()
    error.value = null
  }
  watch([id, stamp], forget)

  async function readPage(first: number): Promise<void> {
    const { signal } = abort
    try {
      // A page of long rows comes in several pieces.
      for (let skip = first; skip < first + pageSize;) {
        const query = { skip, limit: first + pageSize - skip }
        const page = await call('datasets.rows', { params: { id: id.value }, query, signal })
        for (const item of page.items) rows.set(item.position - 1, item)
        if (page.next === null || page.items.length === 0) break
        skip += page.items.length
      }
      error.value = null
    } catch (cause) {
      if (signal.aborted) return
      asked.delete(first)
      error.value = asApiError(cause)
    }
  }

  /** Reads what is missing between two places. */
  function need(from: number, to: number): void {
    for (let first = from - (from % pageSize); first < to; first += pageSize) {
      if (asked.has(first)) continue
      asked.add(first)
      void readPage(first)
    }
  }

  /** The first good row from a line of the file on. */
  async function find(row: number): Promise<RowItem | undefined> {
    searching.value = true
    try {
      const query = { from: row, limit: 1 }
      const { items } = await call('datasets.rows', { params: { id: id.value }, query, signal: abort.signal })
      const [item] = items
      if (item) rows.set(item.position - 1, item)
      return item
    } catch (cause) {
      error.value = asApiError(cause)
      return undefined
    } finally {
      searching.value = false
    }
  }

  function retry(): void {
    forget()
  }

  return { rows, error, searching, need, find, retry }
}
