import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../app/api.ts'
import type { Prompt } from '../../app/pick/prompts.ts'

export type { Prompt, PromptVariable, PromptVersion, PromptVersionSummary } from '../../app/pick/prompts.ts'
export { productionOf } from '../../app/pick/prompts.ts'
export type LabelFilter = 'production' | 'none' | null

/** Prompts that the person may see, the last changed first. */
export function usePromptList(search: Ref<string>, label: Ref<LabelFilter>) {
  return useInfiniteQuery({
    queryKey: ['prompt', 'list', search, label],
    queryFn: ({ pageParam, signal }) =>
      call('prompts.list', {
        query: {
          limit: 50,
          cursor: pageParam,
          search: search.value || undefined,
          label: label.value ?? undefined,
        },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  })
}

/** The prompt of a name; null where there is none that the person may see. */
export function usePrompt(name: Ref<string>) {
  return useQuery({
    queryKey: ['prompt', 'name', name],
    queryFn: async ({ signal }): Promise<Prompt | null> =>
      (await call('prompts.list', { query: { name: name.value, limit: 1 }, signal })).items[0] ?? null,
  })
}

export function useVersions(id: Ref<string>) {
  return useInfiniteQuery({
    queryKey: ['prompt', 'version-list', id],
    enabled: computed(() => id.value !== ''),
    queryFn: ({ pageParam, signal }) =>
      call('prompts.versions', { params: { id: id.value }, query: { limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  })
}

/** One version with its text; null asks for none. */
export function useVersion(id: Ref<string>, number: Ref<number | null>) {
  return useQuery({
    queryKey: ['prompt', 'version', id, number],
    enabled: computed(() => id.value !== '' && number.value !== null),
    queryFn: ({ signal }) =>
      call('prompts.version', { params: { id: id.value, number: number.value ?? 0 }, signal }),
  })
}

export function useLabelMoves(id: Ref<string>) {
  return useInfiniteQuery({
    queryKey: ['prompt', 'moves', id],
    queryFn: ({ pageParam, signal }) =>
      call('prompts.labelMoves', {
        params: { id: id.value, label: 'production' },
        query: { limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  })
}

export function useUses(id: Ref<string>) {
  return useQuery({
    queryKey: ['prompt', 'uses', id],
    queryFn: async ({ signal }) => (await call('prompts.uses', { params: { id: id.value }, signal })).items,
  })
}
