import type { RouteReply } from '@anneal/contract'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { useDebounceFn } from '@vueuse/core'
import { onScopeDispose } from 'vue'
import { call } from '../../app/api.ts'
import { useSocket } from '../../app/socket.ts'
import { withChange } from './with-change.ts'

export type Home = RouteReply<'home.get'>
export type ChecklistStep = Home['checklist'][number]

const key = ['home']
const shownKinds = ['conversation', 'model', 'connection', 'dataset', 'training-run', 'deployment', 'notice']

/** What home shows, kept true by pushed changes: a step of a run is put in, all else is read again. */
export function useHome() {
  const queries = useQueryClient()
  const { onChange } = useSocket()
  const reread = useDebounceFn(() => queries.invalidateQueries({ queryKey: key }), 250, { maxWait: 1000 })
  for (const kind of shownKinds) {
    const stop = onChange(kind, (change) => {
      const shown = queries.getQueryData<Home>(key)
      const next = shown && withChange(shown, change)
      if (next) queries.setQueryData<Home>(key, next)
      else void reread()
    })
    onScopeDispose(stop)
  }
  const home = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => call('home.get', { signal }),
    // Changes that came while another page was shown were not put in.
    staleTime: 0,
  })

  /** Folds the checklist away or brings it back, at once; an ApiError brings the old state back. */
  async function foldChecklist(dismissed: boolean): Promise<void> {
    const set = (value: boolean): void => {
      queries.setQueryData<Home>(key, (shown) => shown && { ...shown, dismissed: value })
    }
    set(dismissed)
    try {
      await call('home.dismissChecklist', { body: { dismissed } })
    } catch (cause) {
      set(!dismissed)
      throw cause
    }
  }
  return { home, foldChecklist }
}
