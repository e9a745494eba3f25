import type { RouteReply } from '@anneal/contract'
import { useQuery } from '@tanstack/vue-query'
import { call } from '../api.ts'

export type Model = RouteReply<'models.list'>['items'][number]

/** Chat models that the person may use. */
export function useModels() {
  return useQuery({
    queryKey: ['model', 'usable'],
    queryFn: async ({ signal }) => {
      const { items } = await call('models.list', { query: { limit: 200 }, signal })
      return items.filter((model) => model.may.includes('use') && model.kind === 'chat')
    },
  })
}
