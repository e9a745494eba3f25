import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import type { App } from 'vue'
import { asApiError } from './problem.ts'

/**
 * The page's cache. A key begins with the resource kind of change events (`['conversation', id]`), so that a pushed
 * change re-reads what is shown of that kind: nothing polls.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => {
        const { status } = asApiError(error)
        return count < 2 && (status === 0 || status === 502 || status === 503 || status === 504)
      },
    },
    mutations: { retry: false },
  },
})

let installed = false

/** Once, when the first page that reads data is shown. */
export function installQueries(app: App | undefined): void {
  if (installed) return
  app?.use(VueQueryPlugin, { queryClient })
  installed = true
}
