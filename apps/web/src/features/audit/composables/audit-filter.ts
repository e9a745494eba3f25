import { refDebounced } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import { type LocationQuery, useRoute, useRouter } from 'vue-router'
import type { AuditFilter } from '../audit.api.ts'

export const spans = ['day', 'week', 'month', 'all'] as const
export type Span = (typeof spans)[number]
const days: Record<Span, number | null> = { day: 1, week: 7, month: 30, all: null }

const one = (query: LocationQuery, key: string): string | null => {
  const value = query[key]
  return typeof value === 'string' && value !== '' ? value : null
}

/** What the page shows, kept in its address. */
export function useAuditFilter() {
  const route = useRoute()
  const router = useRouter()
  const part = <T extends string>(key: string) =>
    computed({
      get: () => one(route.query, key) as T | null,
      set: (value) => void router.replace({ query: { ...route.query, [key]: value ?? undefined } }),
    })
  const outcome = part<'done' | 'refused'>('outcome')
  const actor = part('actor')
  const action = part('action')
  const requestId = part('request')
  const chosenSpan = part<Span>('span')
  const span = computed<Span>(() => spans.find((value) => value === chosenSpan.value) ?? 'week')
  const search = ref(one(route.query, 'q') ?? '')
  const searched = refDebounced(search, 250)
  watch(searched, (text) => void router.replace({ query: { ...route.query, q: text || undefined } }))

  /* A fixed beginning: the same list until the span is chosen anew. */
  const from = computed(() => {
    const length = days[span.value]
    return length === null ? undefined : new Date(Date.now() - length * 86_400_000).toISOString()
  })
  const filter = computed<AuditFilter>(() => ({
    /* A request is looked for wherever it lies. */
    from: requestId.value ? undefined : from.value,
    outcome: outcome.value ?? undefined,
    actor: actor.value ?? undefined,
    action: action.value ?? undefined,
    requestId: requestId.value ?? undefined,
    search: searched.value.trim() || undefined,
  }))
  const isFiltered = computed(() =>
    [outcome.value, actor.value, action.value, requestId.value, searched.value].some(Boolean),
  )
  function clear(): void {
    search.value = ''
    void router.replace({ query: { span: chosenSpan.value ?? undefined } })
  }
  return { filter, search, outcome, actor, action, requestId, span, chosenSpan, isFiltered, clear }
}
