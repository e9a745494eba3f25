import type { RouteReply } from '@anneal/contract'
import { useInfiniteQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { call } from '../api.ts'

export type Notice = RouteReply<'home.notices'>['items'][number]

/** The person's notices, newest first; new ones are pushed. */
export function useNotices() {
  const queries = useQueryClient()
  const list = useInfiniteQuery({
    queryKey: ['notice'],
    queryFn: ({ pageParam, signal }) =>
      call('home.notices', { query: { limit: 20, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: Infinity,
  })
  const notices = computed(() => list.data.value?.pages.flatMap((page) => page.items) ?? [])
  const unread = computed(() => list.data.value?.pages[0]?.unread ?? 0)

  /** Marks some as read, or all. That it fails loses nothing: they stay unread. */
  async function markRead(ids?: string[]): Promise<void> {
    await call('home.readNotices', { body: ids ? { ids } : {} }).catch(() => undefined)
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['notice'] }),
      queries.invalidateQueries({ queryKey: ['home'] }),
    ])
  }
  return { list, notices, unread, markRead }
}
