import { useQuery } from '@tanstack/vue-query'
import { call } from './api.ts'

/** What this instance is called, and what its pages start from. */
export function useInstance() {
  return useQuery({
    queryKey: ['setting', 'instance'],
    queryFn: ({ signal }) => call('admin.instance', { signal }),
    staleTime: Infinity,
  })
}
