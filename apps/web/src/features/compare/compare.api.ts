import type { RouteInput, RouteReply } from '@anneal/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../app/api.ts'

export type Comparison = RouteReply<'compare.create'>
export type ComparisonThread = RouteReply<'compare.get'>
export type Turn = ComparisonThread['turns'][number]
export type Answer = Turn['answers'][number]
export type Pane = Comparison['panes'][number]
export type Shared = Comparison['shared']
export type Parameters = Shared['parameters']
export type Summary = RouteReply<'compare.list'>['items'][number]
export type VoteChoice = RouteInput<'compare.vote'>['body']

export const letterOf = (index: number): string => 'ABC'[index] ?? ''

const pageSize = 40

/** Own comparisons, the last used first, read on as the list is scrolled. */
export function useComparisons(search: Ref<string>) {
  return useInfiniteQuery({
    queryKey: ['comparison', 'list', search],
    queryFn: ({ pageParam, signal }) =>
      call('compare.list', {
        query: { limit: pageSize, search: search.value || undefined, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  })
}

/** One comparison with its newest prompts and their answers. */
export function useComparisonThread(id: Ref<string | undefined>) {
  return useQuery({
    queryKey: ['comparison', 'thread', id],
    queryFn: ({ signal }) =>
      call('compare.get', { params: { id: id.value ?? '' }, query: { limit: 100 }, signal }),
    enabled: computed(() => id.value !== undefined),
    staleTime: 5000,
  })
}
