import type { RouteReply } from '@anneal/contract'
import { onMounted, shallowRef } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'

type Link = RouteReply<'auth.readLink'>
const pages: Readonly<Record<Link['purpose'], string>> = {
  invitation: '/invite',
  password: '/reset-password',
  registration: '/register',
}

/** The one-time link of this page's address; one for another purpose goes on to the page that it is for. */
export function useLink(purpose: Link['purpose']) {
  // Behind the #, so that it reaches no server log and no Referer.
  const token = location.hash.slice(1)
  const link = shallowRef<Link | null>(null)
  const refusal = shallowRef<ApiError | null>(null)

  async function read(): Promise<void> {
    refusal.value = null
    try {
      const found = await call('auth.readLink', { body: { token } })
      if (found.purpose !== purpose) return location.replace(`${pages[found.purpose]}#${token}`)
      link.value = found
    } catch (error) {
      refusal.value = asApiError(error)
    }
  }
  onMounted(() => {
    if (token) void read()
  })
  return { token, link, refusal, read }
}
