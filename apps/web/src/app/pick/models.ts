import type { RouteReply } from '@anneal/contract'
import { useQuery } from '@tanstack/vue-query'
import { call } from '../api.ts'

export type Model = RouteReply<'models.list'>['items'][number]

/** Models that the person may use: those that chat, or `any`. */
export function useModels(kind: 'chat' | 'any' = 'chat') {
  return useQuery({
    queryKey: ['model', 'usable'],
    queryFn: async ({ signal }) => {
      const { items } = await call('models.list', { query: { limit: 200 }, signal })
      return items.filter((model) => model.may.includes('use'))
    },
    select: (models) => (kind === 'any' ? models : models.filter((model) => model.kind === kind)),
  })
}
