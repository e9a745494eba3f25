import type { RouteInput, RouteReply } from '@anneal/contract'
import { useInfiniteQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { call } from '../../app/api.ts'

export type Key = RouteReply<'auth.listKeys'>['items'][number]
export type NewKey = RouteInput<'auth.createKey'>['body']
export type MadeKey = RouteReply<'auth.createKey'>
export type Call = RouteReply<'gateway.calls'>['items'][number]
export type CallsFilter = NonNullable<RouteInput<'gateway.calls'>['query']>

/** Where programs find the gateway: the address that this page came from. */
export const gatewayAddress = (): string => `${location.origin}/v1`

/** The person's own keys, newest first. */
export function useKeys() {
  return useInfiniteQuery({
    queryKey: ['api-key', 'own'],
    queryFn: ({ pageParam, signal }) =>
      call('auth.listKeys', { query: { limit: 100, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  })
}

/** The last calls of a filter; each that ends re-reads them. */
export function useCalls(filter: Ref<CallsFilter>) {
  return useInfiniteQuery({
    queryKey: ['model-call', 'gateway', filter],
    queryFn: ({ pageParam, signal }) =>
      call('gateway.calls', { query: { ...filter.value, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  })
}
