import type { RouteReply } from '@anneal/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../app/api.ts'

export type Conversation = RouteReply<'chat.createConversation'>
export type Summary = RouteReply<'chat.listConversations'>['items'][number]
export type Thread = RouteReply<'chat.getConversation'>
export type Message = Thread['messages'][number]

const pageSize = 40

/** Own conversations, the last used first, read on as the list is scrolled. */
export function useConversations(search: Ref<string>) {
  return useInfiniteQuery({
    queryKey: ['conversation', 'list', search],
    queryFn: ({ pageParam, signal }) =>
      call('chat.listConversations', {
        query: { limit: pageSize, search: search.value || undefined, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  })
}

/** One conversation with its newest messages; older ones are read on demand. */
export function useThread(id: Ref<string | undefined>) {
  return useQuery({
    queryKey: ['conversation', 'thread', id],
    queryFn: ({ signal }) =>
      call('chat.getConversation', { params: { id: id.value ?? '' }, query: { limit: 100 }, signal }),
    enabled: computed(() => id.value !== undefined),
    staleTime: 5000,
  })
}
