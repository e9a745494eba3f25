import type { RouteInput, RouteReply } from '@anneal/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../app/api.ts'
import { followRunChanges } from './composables/run-changes.ts'

export type Run = RouteReply<'training.get'>
export type RunPage = RouteReply<'training.list'>
export type Settings = Run['settings']
export type BaseModel = Run['baseModel']
export type TrainingInput = RouteInput<'training.start'>['body']
export type RunChanges = RouteInput<'training.retry'>['body']
export type Engine = RouteReply<'training.engine'>
export type Checkpoint = RouteReply<'training.checkpoints'>['items'][number]
export type Dataset = RouteReply<'datasets.get'>
export type Deployment = RouteReply<'deployments.get'>
export type Generation = RouteReply<'generations.get'>
export type Tuning = Run['tuning']['kind']

type RunFilters = Omit<NonNullable<RouteInput<'training.list'>['query']>, 'limit' | 'cursor'>

/** Runs that the person may see; a step that is pushed is put into them without a re-read. */
export function useRunList(filters: Ref<RunFilters>) {
  followRunChanges()
  return useInfiniteQuery({
    queryKey: ['training-run', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      call('training.list', { query: { ...filters.value, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  })
}

export function useRun(id: Ref<string>) {
  followRunChanges()
  return useQuery({
    queryKey: ['training-run', 'one', id],
    queryFn: ({ signal }) => call('training.get', { params: { id: id.value }, signal }),
    enabled: computed(() => id.value !== ''),
  })
}

export function useCheckpoints(id: Ref<string>) {
  return useQuery({
    queryKey: ['training-run', 'checkpoints', id],
    queryFn: async ({ signal }) =>
      (await call('training.checkpoints', { params: { id: id.value }, signal })).items,
    enabled: computed(() => id.value !== ''),
  })
}

/** What is served of a run, its base included; empty for those who may not see deployments. */
export function useDeploymentsOf(id: Ref<string>, enabled: Ref<boolean>) {
  return useQuery({
    queryKey: ['deployment', 'of-run', id],
    queryFn: async ({ signal }) =>
      (await call('deployments.list', { query: { trainingRunId: id.value, limit: 100 }, signal })).items,
    enabled,
  })
}

export function useEngine() {
  return useQuery({
    queryKey: ['engine'],
    queryFn: ({ signal }) => call('training.engine', { signal }),
  })
}

export function useDefaults(base: Ref<BaseModel['kind']>, tuning: Ref<Tuning>) {
  return useQuery({
    queryKey: ['training-defaults', base, tuning],
    queryFn: ({ signal }) =>
      call('training.defaults', { query: { base: base.value, tuning: tuning.value }, signal }),
    staleTime: Infinity,
    placeholderData: (previous) => previous,
  })
}

export function useDatasets() {
  return useQuery({
    queryKey: ['dataset', 'choices'],
    queryFn: async ({ signal }) => (await call('datasets.list', { query: { limit: 200 }, signal })).items,
  })
}
