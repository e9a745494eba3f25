import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { call } from '../../../app/api.ts'
import { useSession } from '../../../app/session.ts'

/** Where a run's tracked run is shown; empty for none, and for those who may not see it. */
export function useTrackingPath(trackedRunId: Ref<string | null>): Readonly<Ref<string>> {
  const session = useSession()
  const tracked = useQuery({
    queryKey: ['tracked-run', 'place', trackedRunId],
    queryFn: ({ signal }) => call('tracking.run', { params: { id: trackedRunId.value ?? '' }, signal }),
    enabled: computed(() => trackedRunId.value !== null && session.can('tracking.read')),
    staleTime: Infinity,
  })
  return computed(() => {
    const run = tracked.data.value
    return run ? `/tracking/${run.project.workspace}/${run.project.name}/runs/${run.id}` : ''
  })
}
