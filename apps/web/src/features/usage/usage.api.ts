import type { RouteReply } from '@anneal/contract'
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../app/api.ts'

export type Report = RouteReply<'usage.report'>
export type Group = Report['groups']['model'][number]
export type Money = Group['costs'][number]
export type Dimension = 'model' | 'user' | 'key' | 'via'

interface Asked {
  from: string
  to: string
  zone: string
  by: Dimension
}

/** Everyone's usage, or one's own. */
export function useReport(asked: Ref<Asked>, everyone: Ref<boolean>) {
  return useQuery({
    queryKey: ['usage', computed(() => (everyone.value ? 'all' : 'mine')), asked],
    queryFn: async ({ signal }) => {
      const { value: query } = asked
      const report = await (everyone.value
        ? call('usage.report', { query, signal })
        : call('usage.mine', { query, signal }))
      /* While the next one is on its way, the last is shown: its days are split as they were asked for. */
      return { report, by: query.by }
    },
    placeholderData: (previous) => previous,
  })
}
