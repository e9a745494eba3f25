import type { RouteInput, RouteReply } from '@anneal/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../app/api.ts'

export type Dataset = RouteReply<'datasets.get'>
export type RowItem = RouteReply<'datasets.rows'>['items'][number]
export type BadRow = RouteReply<'datasets.badRows'>['items'][number]

/** How many bad rows of a dataset are kept one by one. */
export const mostBadRows = 1000

type DatasetFilters = Pick<NonNullable<RouteInput<'datasets.list'>['query']>, 'state' | 'format' | 'search'>

/** Datasets that the person may see, newest first. */
export function useDatasetList(filters: Ref<DatasetFilters>) {
  return useInfiniteQuery({
    queryKey: ['dataset', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      call('datasets.list', { query: { ...filters.value, limit: 100, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  })
}

export function useDataset(id: Ref<string>) {
  return useQuery({
    queryKey: ['dataset', 'one', id],
    queryFn: ({ signal }) => call('datasets.get', { params: { id: id.value }, signal }),
  })
}

/** The bad rows that are kept. `stamp` changes with each check; progress alone re-reads nothing. */
export function useBadRows(id: Ref<string>, stamp: Ref<string>, enabled: Ref<boolean>) {
  return useQuery({
    queryKey: ['dataset-bad-rows', id, stamp],
    enabled: computed(() => enabled.value),
    queryFn: async ({ signal }) => {
      const rows: BadRow[] = []
      let cursor: string | undefined
      do {
        const page = await call('datasets.badRows', {
          params: { id: id.value },
          query: { limit: 200, cursor },
          signal,
        })
        rows.push(...page.items)
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
      return rows
    },
  })
}
