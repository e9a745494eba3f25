import { computed, nextTick, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** What was set since the last turn goes into the address as one change. */
let pending: Record<string, string | undefined> | null = null

/** A part of the page's state that lives in the address; absent there while it is `initial`. */
export function useAddress(name: string, initial = ''): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => {
      const value = route.query[name]
      return typeof value === 'string' ? value : initial
    },
    set: (value) => {
      const isFirst = pending === null
      pending ??= {}
      pending[name] = value === initial ? undefined : value
      if (!isFirst) return
      void nextTick(() => {
        const changed = pending ?? {}
        pending = null
        void router.replace({ query: { ...route.query, ...changed }, hash: route.hash })
      })
    },
  })
}
