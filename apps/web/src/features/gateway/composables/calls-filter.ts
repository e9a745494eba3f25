import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useSession } from '../../../app/session.ts'
import type { Call, CallsFilter } from '../gateway.api.ts'

export const callStates = ['finished', 'stopped', 'failed', 'interrupted'] as const

/** Which calls are shown, kept in the page's address. */
export function useCallsFilter() {
  const route = useRoute()
  const router = useRouter()
  const session = useSession()
  const part = <T extends string>(key: string) =>
    computed({
      get: () => {
        const value = route.query[key]
        return (typeof value === 'string' && value !== '' ? value : null) as T | null
      },
      set: (value) => void router.replace({ query: { ...route.query, [key]: value ?? undefined } }),
    })
  const state = part<Call['state']>('state')
  const model = part('model')
  const key = part('key')
  const whose = part<'own'>('whose')
  const seesAll = computed(() => session.can('usage.read'))
  const filter = computed<CallsFilter>(() => ({
    state: callStates.find((value) => value === state.value),
    model: model.value ?? undefined,
    key: key.value ?? undefined,
    whose: whose.value === 'own' ? 'own' : undefined,
  }))
  const isFiltered = computed(() => [state.value, model.value, key.value, whose.value].some(Boolean))
  const clear = (): void => void router.replace({ query: {} })
  return { state, model, key, whose, seesAll, filter, isFiltered, clear }
}

export type CallsFilterState = ReturnType<typeof useCallsFilter>
