import { getCurrentScope, onScopeDispose, ref } from 'vue'
import type { Ref } from 'vue'

const now = ref(Date.now())
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/** The time, every 20 s; one timer for all who show a relative time. */
export function useMinute(): Readonly<Ref<number>> {
  now.value = Date.now()
  if (!getCurrentScope()) return now
  if (users++ === 0) timer = setInterval(() => (now.value = Date.now()), 20_000)
  onScopeDispose(() => {
    if (--users === 0) clearInterval(timer)
  })
  return now
}
