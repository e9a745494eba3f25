import type { LogLine } from '@anneal/contract'
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { type ApiError, asApiError } from './problem.ts'
import { useSocket } from './socket.ts'

interface LogPage {
  lines: LogLine[]
  total: number
}
/** The server's pages of a log: the last lines, or those before a line. */
export type ReadLog = (query: { before?: number; limit: number }) => Promise<LogPage>

const pageSize = 500
const most = 20_000

/**
 * A log by the id that its topic is watched under: its last lines, then each new one as it is pushed. `null` follows
 * nothing. Earlier lines come on demand.
 */
export function useLiveLog(id: Ref<string | null>, read: ReadLog) {
  const lines = shallowRef<readonly LogLine[]>([])
  const error = shallowRef<ApiError | null>(null)
  const loading = ref(false)
  const missing = computed(() => Math.max(0, (lines.value[0]?.line ?? 1) - 1))
  let stop: (() => void) | undefined
  let turn = 0

  async function open(): Promise<void> {
    const own = ++turn
    stop?.()
    stop = undefined
    lines.value = []
    error.value = null
    const topic = id.value
    if (topic === null) return
    loading.value = true
    try {
      const page = await read({ limit: pageSize })
      if (own !== turn) return
      lines.value = page.lines
      stop = useSocket().watch('log', topic, {
        after: page.lines.at(-1)?.line ?? 0,
        onMessages: (messages) => {
          const fresh = messages.flatMap((message) => message.lines)
          lines.value = [...lines.value, ...fresh].slice(-most)
        },
      })
    } catch (cause) {
      if (own === turn) error.value = asApiError(cause)
    } finally {
      if (own === turn) loading.value = false
    }
  }

  async function earlier(): Promise<void> {
    const before = lines.value[0]?.line
    if (!before || before <= 1 || loading.value) return
    const own = turn
    loading.value = true
    try {
      const page = await read({ before, limit: pageSize })
      if (own === turn) lines.value = [...page.lines, ...lines.value]
    } catch (cause) {
      if (own === turn) error.value = asApiError(cause)
    } finally {
      if (own === turn) loading.value = false
    }
  }

  watch(id, () => void open(), { immediate: true })
  onScopeDispose(() => {
    turn++
    stop?.()
  })

  return { lines, missing, error, loading, earlier, reopen: open }
}
