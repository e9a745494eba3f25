import type { RouteReply } from '@anneal/contract'
import { onMounted, shallowRef } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'

/** The one-time link of this page's address, and what the server says it is for. */
export function useLink() {
  // Behind the #, so that it reaches no server log and no Referer.
  const token = location.hash.slice(1)
  const link = shallowRef<RouteReply<'auth.readLink'> | null>(null)
  const refusal = shallowRef<ApiError | null>(null)

  async function read(): Promise<void> {
    refusal.value = null
    try {
      link.value = await call('auth.readLink', { body: { token } })
    } catch (error) {
      refusal.value = asApiError(error)
    }
  }
  onMounted(() => {
    if (token) void read()
  })
  return { token, link, refusal, read }
}
