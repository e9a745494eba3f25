import type { Role } from '@anneal/contract'
import type { RouteReply } from '@anneal/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../app/api.ts'

export type User = RouteReply<'auth.listUsers'>['items'][number]
export type Session = RouteReply<'auth.listSessions'>['items'][number]
export type Invitation = RouteReply<'auth.listInvitations'>['items'][number]

export interface Filters {
  search: string
  role: Role | null
  state: 'active' | 'disabled' | null
  factor: 'on' | 'off' | null
  group: string | null
  sort: 'name' | 'role' | 'seen' | 'created'
  order: 'asc' | 'desc' | null
}

export function useUserList(filters: Ref<Filters>) {
  return useInfiniteQuery({
    queryKey: ['user', 'list', filters],
    queryFn: ({ pageParam, signal }) => {
      const { search, role, state, factor, group, sort, order } = filters.value
      return call('auth.listUsers', {
        query: {
          limit: 100,
          cursor: pageParam,
          search: search || undefined,
          role: role ?? undefined,
          state: state ?? undefined,
          factor: factor ?? undefined,
          group: group ?? undefined,
          sort,
          order: order ?? undefined,
        },
        signal,
      })
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  })
}

export function useUser(id: Ref<string | null>) {
  return useQuery({
    queryKey: ['user', 'one', id],
    queryFn: ({ signal }) => call('auth.getUser', { params: { id: id.value ?? '' }, signal }),
    enabled: computed(() => id.value !== null),
  })
}

/** How many people there are, in all and by role. */
export function useUserCount(role: Role | null = null) {
  return useQuery({
    queryKey: ['user', 'count', role],
    queryFn: async ({ signal }) =>
      (await call('auth.listUsers', { query: { limit: 1, role: role ?? undefined }, signal })).total,
  })
}

/** Live sessions: one's own, or those of `userId`. */
export function useSessions(userId: Ref<string | null>, enabled: Ref<boolean>) {
  return useQuery({
    queryKey: ['session', 'list', userId],
    queryFn: async ({ signal }) => {
      const query = { limit: 200 }
      const { value: id } = userId
      const page = id
        ? await call('auth.listUserSessions', { params: { id }, query, signal })
        : await call('auth.listSessions', { query, signal })
      return page.items
    },
    enabled,
  })
}

export function useInvitations(enabled: Ref<boolean>) {
  return useInfiniteQuery({
    queryKey: ['invitation', 'list'],
    queryFn: ({ pageParam, signal }) =>
      call('auth.listInvitations', { query: { limit: 100, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    enabled,
  })
}

/** Whether this server sends mail; where not, nothing offers it. */
export function useMailOffer() {
  return useQuery({
    queryKey: ['mail-offer'],
    queryFn: async ({ signal }) => (await call('identity.signInOptions', { signal })).passwordByMail,
  })
}
