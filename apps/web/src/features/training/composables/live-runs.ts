import { QueryObserver } from '@tanstack/vue-query'
import { call } from '../../../app/api.ts'
import { queryClient } from '../../../app/query.ts'
import { followRunChanges } from './run-changes.ts'

let stop: (() => void) | undefined

/** Tells how many runs are live, now and at each change, until it is called again. */
export function followLiveRuns(tell: (count: number) => void): void {
  followRunChanges()
  stop?.()
  const observer = new QueryObserver(queryClient, {
    queryKey: ['training-run', 'live'],
    queryFn: async ({ signal }) =>
      (await call('training.list', { query: { state: 'live', limit: 200 }, signal })).items.length,
  })
  stop = observer.subscribe(({ data }) => tell(data ?? 0))
}
