import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../../app/api.ts'
import type { RunDetail } from '../tracking.api.ts'

const newest = 200
const longest = 600

/** The end of what a crashed run's script said last as an error: why it ended. */
export function useLastError(run: Ref<RunDetail | undefined>): Readonly<Ref<string>> {
  const id = computed(() => run.value?.id)
  const lines = useQuery({
    queryKey: ['tracked-run', 'last-error', id],
    queryFn: ({ signal }) =>
      call('tracking.lines', { params: { id: id.value ?? '' }, query: { limit: newest }, signal }),
    enabled: computed(() => run.value?.state === 'crashed'),
  })
  return computed(() => {
    const said = lines.data.value?.items.filter(({ level }) => level === 'ERROR').at(-1)
    return said ? (said.message.trim().split('\n').at(-1) ?? '').slice(0, longest) : ''
  })
}
