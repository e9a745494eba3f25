import type { RouteInput, RouteReply } from '@anneal/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../app/api.ts'

export type Model = RouteReply<'models.get'>
export type Connection = RouteReply<'models.createConnection'>
export type OfferedModel = RouteReply<'models.offered'>['items'][number]
export type LocalModel = RouteReply<'models.localModels'>['items'][number]
export type Pull = RouteReply<'models.startPull'>
export type Figures = RouteReply<'models.figures'>['items'][number]
export type Failure = RouteReply<'models.failures'>['items'][number]
export type Capabilities = Model['capabilities']
export type Parameters = Model['parameters']
export type ProviderKind = Connection['provider']
export type ReasoningProfile = Model['reasoningProfile']
export type TestDraft = RouteInput<'models.test'>['body']
export type Filters = Pick<
  NonNullable<RouteInput<'models.list'>['query']>,
  'search' | 'connectionId' | 'health' | 'capability'
>

export const providerKinds = [
  'openai-compatible',
  'anthropic',
  'ollama',
] as const satisfies readonly ProviderKind[]
export const usualAddress: Readonly<Record<ProviderKind, string>> = {
  'openai-compatible': 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com',
  ollama: 'http://localhost:11434',
}
export const capabilityNames = ['reasoning', 'tools', 'vision', 'json'] as const

/** Models that the person may see, of these filters. */
export function useModelList(filters: Ref<Filters>) {
  return useInfiniteQuery({
    queryKey: ['model', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      call('models.list', { query: { limit: 100, cursor: pageParam, ...filters.value }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  })
}

export function useConnections(enabled: Ref<boolean>) {
  return useQuery({
    queryKey: ['connection', 'list'],
    queryFn: async ({ signal }) =>
      (await call('models.listConnections', { query: { limit: 200 }, signal })).items,
    enabled: computed(() => enabled.value),
  })
}

export function useConnection(id: Ref<string>) {
  return useQuery({
    queryKey: ['connection', id],
    queryFn: ({ signal }) => call('models.getConnection', { params: { id: id.value }, signal }),
  })
}

/** How models did over the last hours, by id. */
export function useFigures(hours: Ref<number>) {
  return useQuery({
    queryKey: ['model', 'figures', hours],
    queryFn: async ({ signal }) => {
      const { items } = await call('models.figures', { query: { hours: hours.value }, signal })
      return new Map(items.map((item) => [item.modelId, item]))
    },
    placeholderData: (previous) => previous,
  })
}

/** One model as it stands now; what a form was opened with may be older. */
export function useModel(id: Ref<string>) {
  return useQuery({
    queryKey: ['model', id],
    queryFn: ({ signal }) => call('models.get', { params: { id: id.value }, signal }),
    enabled: computed(() => id.value !== ''),
  })
}

export function useFailures(modelId: Ref<string | null>) {
  return useQuery({
    queryKey: ['model', modelId, 'failures'],
    queryFn: async ({ signal }) =>
      (await call('models.failures', { params: { id: modelId.value ?? '' }, signal })).items,
    enabled: computed(() => modelId.value !== null),
  })
}

export function useConnectionFailures(id: Ref<string>) {
  return useQuery({
    queryKey: ['model', 'of-connection', id, 'failures'],
    queryFn: async ({ signal }) =>
      (await call('models.connectionFailures', { params: { id: id.value }, signal })).items,
  })
}

/** What a connection's provider offers; asked anew each time the page is opened, since it lies elsewhere. */
export function useOffered(id: Ref<string>) {
  return useQuery({
    queryKey: ['connection', id, 'offered'],
    queryFn: async ({ signal }) =>
      (await call('models.offered', { body: { connectionId: id.value }, signal })).items,
    retry: false,
  })
}

export function useLocalModels(id: Ref<string>) {
  return useQuery({
    queryKey: ['connection', id, 'local'],
    queryFn: async ({ signal }) =>
      (await call('models.localModels', { params: { id: id.value }, signal })).items,
    retry: false,
  })
}

export function usePulls(id: Ref<string>) {
  return useQuery({
    queryKey: ['pull', id],
    queryFn: async ({ signal }) => (await call('models.pulls', { params: { id: id.value }, signal })).items,
  })
}
