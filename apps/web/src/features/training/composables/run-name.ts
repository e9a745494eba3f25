import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../../app/api.ts'
import type { Dataset } from '../training.api.ts'
import type { Draft } from './training-draft.ts'
import { freeName, slug } from './training-fields.ts'

/** A run's name: after its dataset and base, and unlike those there are, until another is typed. */
export function useRunName(draft: Draft, dataset: Ref<Dataset | undefined>) {
  const names = useQuery({
    queryKey: ['training-run', 'names'],
    queryFn: async ({ signal }) =>
      (await call('training.list', { query: { limit: 200 }, signal })).items.map(({ name }) =>
        name.toLowerCase(),
      ),
  })
  const base = computed(() => {
    if (draft.base === 'starter') return 'starter'
    const text = draft.base === 'hub' ? draft.hubId : draft.folder
    return slug(text.split('/').findLast(Boolean) ?? '')
  })
  const suggested = computed(() => {
    const wish = [slug(dataset.value?.name ?? ''), base.value].filter(Boolean).join('-')
    return freeName(wish || 'run', new Set(names.data.value))
  })
  return computed({
    get: () => draft.name || suggested.value,
    set: (value: string) => (draft.name = value === suggested.value ? '' : value),
  })
}
