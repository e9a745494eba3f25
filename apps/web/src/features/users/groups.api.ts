import type { RouteReply } from '@anneal/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../app/api.ts'

export type Group = RouteReply<'access.listGroups'>['items'][number]
export type Member = RouteReply<'access.listGroupMembers'>['items'][number]
export type RoleOfInstance = RouteReply<'auth.listRoles'>['items'][number]

export function useGroupList(search: Ref<string>) {
  return useInfiniteQuery({
    queryKey: ['group', 'list', search],
    queryFn: ({ pageParam, signal }) =>
      call('access.listGroups', {
        query: { limit: 100, cursor: pageParam, search: search.value || undefined },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  })
}

export function useGroup(id: Ref<string | null>) {
  return useQuery({
    queryKey: ['group', 'one', id],
    queryFn: ({ signal }) => call('access.getGroup', { params: { id: id.value ?? '' }, signal }),
    enabled: computed(() => id.value !== null),
  })
}

export function useMembers(id: Ref<string | null>, search: Ref<string>) {
  return useInfiniteQuery({
    queryKey: ['group', 'members', id, search],
    queryFn: ({ pageParam, signal }) =>
      call('access.listGroupMembers', {
        params: { id: id.value ?? '' },
        query: { limit: 100, cursor: pageParam, search: search.value || undefined },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    enabled: computed(() => id.value !== null),
  })
}

/** Every role of the instance: the built-in four, then its own. */
export function useRoles() {
  return useQuery({
    queryKey: ['role', 'list'],
    queryFn: async ({ signal }) => (await call('auth.listRoles', { signal })).items,
  })
}
