import type { RouteInput, RouteReply } from '@anneal/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../app/api.ts'

export type Model = RouteReply<'models.get'>
export type Connection = RouteReply<'models.createConnection'>
export type ProviderKind = Connection['provider']
export type ReasoningProfile = Model['reasoningProfile']
export type TestDraft = RouteInput<'models.test'>['body']

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

/** Models that the person may see; with a search, those whose name, id or connection holds it. */
export function useModelList(search: Ref<string>) {
  return useInfiniteQuery({
    queryKey: ['model', 'list', search],
    queryFn: ({ pageParam, signal }) =>
      call('models.list', {
        query: { limit: 100, cursor: pageParam, search: search.value || undefined },
        signal,
      }),
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
