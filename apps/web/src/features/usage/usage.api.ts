import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../app/api.ts'
import type { Dimension } from '../../composables/usage-figures.ts'

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
