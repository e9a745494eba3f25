import type { RouteReply } from '@anneal/contract'
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../api.ts'

export type Prompt = RouteReply<'prompts.get'>
export type PromptVersion = RouteReply<'prompts.version'>
export type PromptVersionSummary = RouteReply<'prompts.versions'>['items'][number]
export type PromptChoice = NonNullable<RouteReply<'chat.createConversation'>['prompt']>
/** A choice as the contract takes it, made plain for a form. */
export type PromptVariable = PromptVersion['variables'][number]

export const productionOf = (prompt: Pick<Prompt, 'labels'>): number | null =>
  prompt.labels.find((label) => label.label === 'production')?.version ?? null

/** Prompts that the person may use, the last changed first; with a search, those that hold its words. */
export function usePromptChoices(search: Ref<string>) {
  return useQuery({
    queryKey: ['prompt', 'choices', search],
    queryFn: async ({ signal }) => {
      const query = { limit: 50, search: search.value || undefined }
      const { items } = await call('prompts.list', { query, signal })
      return items.filter((prompt) => prompt.may.includes('use'))
    },
    placeholderData: (previous) => previous,
  })
}

/** The prompt of a choice. */
export function usePromptOf(choice: Ref<PromptChoice | null>) {
  const id = computed(() => choice.value?.promptId ?? '')
  return useQuery({
    queryKey: ['prompt', 'one', id],
    enabled: computed(() => id.value !== ''),
    queryFn: ({ signal }) => call('prompts.get', { params: { id: id.value }, signal }),
  })
}

/** The prompt of a choice with its versions, and the version that the choice means now. */
export function useChosenPrompt(choice: Ref<PromptChoice | null>) {
  const id = computed(() => choice.value?.promptId ?? '')
  const enabled = computed(() => id.value !== '')
  const { data: prompt, error } = usePromptOf(choice)
  const { data: versions } = useQuery({
    queryKey: ['prompt', 'versions', id],
    enabled,
    queryFn: async ({ signal }) =>
      (await call('prompts.versions', { params: { id: id.value }, query: { limit: 200 }, signal })).items,
  })
  const number = computed(() => {
    const one = prompt.value
    return choice.value && one ? (choice.value.version ?? productionOf(one)) : null
  })
  const { data: version, error: versionError } = useQuery({
    queryKey: ['prompt', 'version', id, number],
    enabled: computed(() => enabled.value && number.value !== null),
    queryFn: ({ signal }) =>
      call('prompts.version', { params: { id: id.value, number: number.value ?? 0 }, signal }),
  })
  return { prompt, versions, version, error, versionError }
}
