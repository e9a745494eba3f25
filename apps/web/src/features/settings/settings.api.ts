import type { RouteReply } from '@anneal/contract'
import { useQuery } from '@tanstack/vue-query'
import { call } from '../../app/api.ts'

export type Setting = RouteReply<'admin.settings'>['items'][number]

export function useSettings() {
  return useQuery({
    queryKey: ['setting', 'all'],
    queryFn: async ({ signal }) => (await call('admin.settings', { signal })).items,
  })
}
