import type { RouteReply } from '@anneal/contract'
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../api.ts'
import type { ShareTarget } from './share-state.ts'

export type Access = RouteReply<'access.getAccess'>
export type Grant = Access['grants'][number]
export type Subject = RouteReply<'access.listSubjects'>['items'][number]

export function useAccess(target: Ref<ShareTarget | null>) {
  return useQuery({
    queryKey: ['access', computed(() => target.value?.kind), computed(() => target.value?.id)],
    queryFn: ({ signal }) => {
      const { kind, id } = target.value ?? { kind: 'dataset' as const, id: '' }
      return call('access.getAccess', { params: { kind, id }, signal })
    },
    enabled: computed(() => target.value !== null),
    staleTime: 0,
  })
}

/** People and groups whose name holds a text. */
export function useSubjects(search: Ref<string>, kind: Ref<'user' | 'group' | undefined>) {
  return useQuery({
    queryKey: ['subject', search, kind],
    queryFn: ({ signal }) =>
      call('access.listSubjects', { query: { search: search.value, kind: kind.value, limit: 20 }, signal }),
    placeholderData: (previous) => previous,
  })
}
