import { useThrottleFn } from '@vueuse/core'
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { call } from '../../../app/api.ts'
import { type ApiError, asApiError } from '../../../app/problem.ts'
import { useSocket } from '../../../app/socket.ts'
import type { LogEntry } from '../../../ui/log-view.ts'
import { type StoredLine, entriesOf } from './log-entries.ts'

const pageSize = 1000
/** Kept in the page; what is older is read again where one scrolls to it. */
const most = 50_000

/** A tracked run's log: its newest lines, older ones on demand, new ones as they come; with a search, what holds it. */
export function useRunLog(id: Ref<string>, live: Ref<boolean>, search: Ref<string>) {
  const entries = shallowRef<readonly LogEntry[]>([])
  const total = ref(0)
  const older = ref<string | null>(null)
  const loading = ref(false)
  const error = shallowRef<ApiError | null>(null)
  let newer: string | null = null
  let turn = 0
  let stop: (() => void) | undefined

  const query = (more: { before?: string; after?: string }) =>
    call('tracking.lines', {
      params: { id: id.value },
      query: { ...more, limit: pageSize, search: search.value || undefined },
    })

  function put(lines: readonly StoredLine[], where: 'start' | 'end'): void {
    if (lines.length === 0) return
    const first = entries.value[0]?.line ?? 0
    const last = entries.value.at(-1)?.line ?? 0
    const fresh = entriesOf(lines, where === 'end' ? last + 1 : null, first)
    entries.value = where === 'end' ? [...entries.value, ...fresh].slice(-most) : [...fresh, ...entries.value]
  }

  async function attempt(work: (own: number) => Promise<void>, own = turn): Promise<void> {
    loading.value = true
    try {
      await work(own)
      if (own === turn) error.value = null
    } catch (cause) {
      if (own === turn) error.value = asApiError(cause)
    } finally {
      if (own === turn) loading.value = false
    }
  }

  const open = () =>
    attempt(async (own) => {
      entries.value = []
      await follow(own)
      const page = await query({})
      if (own !== turn) return
      put(page.items, 'end')
      ;({ total: total.value, older: older.value, newer } = page)
    }, ++turn)

  const earlier = () =>
    attempt(async (own) => {
      if (older.value === null) return
      const page = await query({ before: older.value })
      if (own !== turn) return
      put(page.items, 'start')
      older.value = page.older
    })

  /** Everything that has come since; several portions where it is much. */
  const fetchNew = useThrottleFn(
    () =>
      attempt(async (own) => {
        for (let more = true; more && own === turn;) {
          const page = await query(newer === null ? {} : { after: newer })
          if (own !== turn) return
          put(page.items, 'end')
          total.value = page.total
          newer = page.newer
          more = page.items.length === pageSize
        }
      }),
    400,
    true,
  )

  /** Of new points the number alone is needed: what arrived before was read with the lines. */
  async function follow(own = turn): Promise<void> {
    stop?.()
    stop = undefined
    if (!live.value) return
    const none = { keys: JSON.stringify(['']), width: 1 }
    const { number } = await call('tracking.chart', { params: { id: id.value }, query: none })
    if (own !== turn || !live.value) return
    stop = useSocket().watch('points', id.value, {
      after: number,
      onMessages: (messages) => {
        if (messages.some((message) => message.lines ?? message.reset)) void fetchNew()
      },
    })
  }

  watch([id, search], () => void open(), { immediate: true })
  watch(live, (now) => {
    if (now) void open()
    else void fetchNew().then(() => stop?.())
  })
  onScopeDispose(() => {
    turn++
    stop?.()
  })

  return { entries, total, older, loading, error, earlier, reopen: open }
}
