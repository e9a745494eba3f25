import type { RouteInput, RouteReply } from '@anneal/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../app/api.ts'

export type Deployment = RouteReply<'deployments.get'>
export type NewDeployment = RouteInput<'deployments.create'>['body']
export type BaseModel = Extract<NewDeployment['source'], { kind: 'base-model' }>['baseModel']

type DeploymentFilters = Pick<NonNullable<RouteInput<'deployments.list'>['query']>, 'state' | 'search'>

/** Deployments that the person may see, newest first; a pushed change reads them again. */
export function useDeploymentList(filters: Ref<DeploymentFilters>) {
  return useInfiniteQuery({
    queryKey: ['deployment', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      call('deployments.list', { query: { ...filters.value, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  })
}

/** One that may lie beyond the pages of the list that were read. */
export function useDeployment(id: Ref<string | undefined>, enabled: Ref<boolean>) {
  return useQuery({
    queryKey: ['deployment', 'one', id],
    queryFn: ({ signal }) => call('deployments.get', { params: { id: id.value ?? '' }, signal }),
    enabled: computed(() => id.value !== undefined && enabled.value),
  })
}

/** The model that a deployment is reached as. */
export function useServedModel(modelId: Ref<string | null>, enabled: Ref<boolean>) {
  return useQuery({
    queryKey: ['model', 'one', modelId],
    queryFn: ({ signal }) => call('models.get', { params: { id: modelId.value ?? '' }, signal }),
    enabled: computed(() => modelId.value !== null && enabled.value),
    retry: false,
  })
}

/** Runs that have saved something. */
export function useServableRuns(enabled: Ref<boolean>) {
  return useQuery({
    queryKey: ['training-run', 'servable'],
    queryFn: async ({ signal }) =>
      (await call('training.list', { query: { limit: 200 }, signal })).items.filter((run) => run.servable),
    enabled,
  })
}

export function useEngine() {
  return useQuery({
    queryKey: ['engine'],
    queryFn: ({ signal }) => call('training.engine', { signal }),
  })
}
