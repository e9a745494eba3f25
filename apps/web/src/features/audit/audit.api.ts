import type { RouteInput, RouteReply } from '@anneal/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { call } from '../../app/api.ts'

export type AuditEntry = RouteReply<'admin.audit'>['items'][number]
export type AuditFilter = NonNullable<RouteInput<'admin.auditFacts'>['query']>

/** Events of a filter, newest first. The key is no kind of change: a page that is being read is not moved. */
export function useAuditEvents(filter: Ref<AuditFilter>) {
  return useInfiniteQuery({
    queryKey: ['audit-events', filter],
    queryFn: ({ pageParam, signal }) =>
      call('admin.audit', { query: { ...filter.value, limit: 100, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  })
}

/** How many there are, and what can be filtered by. */
export function useAuditFacts(filter: Ref<AuditFilter>) {
  return useQuery({
    queryKey: ['audit-events', 'facts', filter],
    queryFn: ({ signal }) => call('admin.auditFacts', { query: filter.value, signal }),
    placeholderData: (previous) => previous,
  })
}
