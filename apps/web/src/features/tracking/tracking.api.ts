import type { RouteReply } from '@anneal/contract'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { useThrottleFn } from '@vueuse/core'
import { computed, onScopeDispose, type Ref } from 'vue'
import { call } from '../../app/api.ts'
import { useSocket } from '../../app/socket.ts'

export type Project = RouteReply<'tracking.project'>
export type RunRow = RouteReply<'tracking.runs'>['items'][number]
export type RunDetail = RouteReply<'tracking.run'>
export type RunState = RunRow['state']
export type Setting = RunRow['settings'][number]
export type ProjectKeys = RouteReply<'tracking.projectKeys'>
export type Curve = RouteReply<'tracking.chart'>['series'][number]
export type SeriesHead = RouteReply<'tracking.series'>['items'][number]
export type RunSort = 'created' | 'name' | 'duration' | 'value' | 'setting'

/** A project counts its runs: what becomes of one is told of that one alone. */
function followRunsOfProjects(): void {
  const queries = useQueryClient()
  const reread = useThrottleFn(() => void queries.invalidateQueries({ queryKey: ['project'] }), 500, true)
  onScopeDispose(useSocket().onChange('tracked-run', () => void reread()))
}

/** Projects that the person may see, those with the newest activity first. */
export function useProjects(search: Ref<string>, workspace: Ref<string | undefined>) {
  followRunsOfProjects()
  return useInfiniteQuery({
    queryKey: ['project', 'list', search, workspace],
    queryFn: ({ pageParam, signal }) =>
      call('tracking.projects', {
        query: {
          limit: 50,
          cursor: pageParam,
          search: search.value || undefined,
          workspace: workspace.value,
        },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  })
}

export function useProject(names: Ref<{ workspace: string; project: string }>) {
  followRunsOfProjects()
  return useQuery({
    queryKey: ['project', 'one', names],
    queryFn: ({ signal }) => call('tracking.findProject', { params: names.value, signal }),
  })
}

/** What can be a column or a chart. */
export function useProjectKeys(id: Ref<string | undefined>) {
  return useQuery({
    queryKey: ['tracked-run', 'keys', id],
    queryFn: ({ signal }) => call('tracking.projectKeys', { params: { id: id.value ?? '' }, signal }),
    enabled: computed(() => id.value !== undefined),
    placeholderData: (previous) => previous,
  })
}

export interface RunQuery {
  search: string
  state: RunState | undefined
  sort: RunSort
  by: string | undefined
  order: 'up' | 'down'
  /** Series whose last values are shown. */
  keys: readonly string[]
}

export function useRuns(id: Ref<string | undefined>, asked: Ref<RunQuery>) {
  return useInfiniteQuery({
    queryKey: ['tracked-run', 'list', id, asked],
    queryFn: ({ pageParam, signal }) => {
      const { search, keys, ...rest } = asked.value
      return call('tracking.runs', {
        params: { id: id.value ?? '' },
        query: {
          ...rest,
          search: search || undefined,
          keys: JSON.stringify(keys),
          limit: 100,
          cursor: pageParam,
        },
        signal,
      })
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    enabled: computed(() => id.value !== undefined),
    placeholderData: (previous) => previous,
  })
}

export function useTrackedRun(names: Ref<{ workspace: string; project: string; run: string }>) {
  return useQuery({
    queryKey: ['tracked-run', 'one', names],
    queryFn: ({ signal }) => call('tracking.findRun', { params: names.value, signal }),
  })
}

export function useSeriesHeads(id: Ref<string | undefined>) {
  return useQuery({
    queryKey: ['tracked-run', 'series', id],
    queryFn: async ({ signal }) =>
      (await call('tracking.series', { params: { id: id.value ?? '' }, signal })).items,
    enabled: computed(() => id.value !== undefined),
  })
}
