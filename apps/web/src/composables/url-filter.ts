import { refDebounced } from '@vueuse/core'
import { computed, ref, watch, type Ref, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** A filter of a list that stands in the address: one of the values, or null. */
export function useUrlFilter<T extends string>(
  name: string,
  values: readonly T[],
): WritableComputedRef<T | null> {
  const route = useRoute()
  const router = useRouter()
  return computed<T | null>({
    get: () => values.find((value) => value === route.query[name]) ?? null,
    set: (value) => void router.replace({ query: { ...route.query, [name]: value ?? undefined } }),
  })
}

/** The text that a list is searched by, in the address as `q` once typing rests. */
export function useUrlSearch(): { search: Ref<string>; searched: Readonly<Ref<string>> } {
  const route = useRoute()
  const router = useRouter()
  const search = ref(typeof route.query['q'] === 'string' ? route.query['q'] : '')
  const searched = refDebounced(search, 200)
  watch(searched, (text) => void router.replace({ query: { ...route.query, q: text || undefined } }))
  return { search, searched }
}
