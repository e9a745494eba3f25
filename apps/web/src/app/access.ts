import type { RouteReply } from '@anneal/contract'
import { routeList } from '@anneal/contract/route-list'
import { ApiError, parseProblem } from './problem.ts'

export type SignedIn = RouteReply<'auth.refresh'>

export type AccessEvent = { type: 'signed-in'; session: SignedIn } | { type: 'ended' }

/** The access token lives here alone, in memory. It is never written to a storage. */
let token: string | null = null
/** On the monotonic clock, so that a wrong wall clock does no harm. */
let staleAt = 0
let userId: string | null = null
let timer: ReturnType<typeof setTimeout> | undefined
let flight: Promise<string | null> | undefined
const listeners = new Set<(event: AccessEvent) => void>()
const hintKey = 'anneal.signed-in'

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('anneal.access')
channel?.addEventListener('message', (message: MessageEvent<unknown>) => {
  const event = message.data as AccessEvent & { lifetime?: number }
  if (event.type === 'ended') return void (userId && end(false))
  if (userId && event.session.user.id !== userId) return location.reload()
  if (userId) adopt(event.session, event.lifetime ?? 0, false)
})

function tell(event: AccessEvent): void {
  for (const listener of listeners) listener(event)
}

function remember(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(hintKey, '1')
    else localStorage.removeItem(hintKey)
  } catch {
    // Storage can be blocked; then each start asks the server.
  }
}

/** False only if this browser has surely no session, which saves a request that would be refused. */
export function mayHaveSession(): boolean {
  // Back from a provider, which has let someone in without this page.
  if (location.pathname === '/sign-in' && new URLSearchParams(location.search).get('in') === '1') return true
  try {
    return localStorage.getItem(hintKey) === '1'
  } catch {
    return true
  }
}

/** Milliseconds that the token will live by the server's own clock. */
export function lifetimeOf(
  session: SignedIn,
  response: { headers: { get(name: string): string | null } },
): number {
  const date = response.headers.get('date')
  const now = date ? Date.parse(date) : Date.now()
  return Math.max(0, Date.parse(session.expiresAt) - now)
}

/** Takes over a session from a sign-in, a refresh or another tab; `lifetime` in milliseconds. */
export function adopt(session: SignedIn, lifetime: number, share = true): void {
  token = session.accessToken
  userId = session.user.id
  staleAt = performance.now() + lifetime
  clearTimeout(timer)
  // Ahead of expiry, and a little apart from the other tabs, so that one of them refreshes for all.
  timer = setTimeout(() => void refresh().catch(() => undefined), lifetime * (0.7 + Math.random() * 0.2))
  remember(true)
  if (share) channel?.postMessage({ type: 'signed-in', session, lifetime })
  tell({ type: 'signed-in', session })
}

export function end(share = true): void {
  token = null
  userId = null
  clearTimeout(timer)
  remember(false)
  if (share) channel?.postMessage({ type: 'ended' })
  tell({ type: 'ended' })
}

export function onAccess(listener: (event: AccessEvent) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** A token good for the next ten seconds at least, or null when nobody is signed in. */
export async function accessToken(): Promise<string | null> {
  if (token && performance.now() < staleAt - 10_000) return token
  return token ? refresh() : null
}

/** One flight in this tab; one at a time over all tabs where the browser has locks. */
export function refresh(): Promise<string | null> {
  flight ??= refreshOverTabs().finally(() => (flight = undefined))
  return flight
}

async function refreshOverTabs(): Promise<string | null> {
  const before = token
  if (!navigator.locks) return trade()
  return navigator.locks.request('anneal.refresh', () =>
    // Another tab may have traded the cookie while this one waited, and has shared what it got.
    token !== before && performance.now() < staleAt - 10_000 ? token : trade(),
  )
}

async function trade(): Promise<string | null> {
  const [method, path] = routeList['auth.refresh']
  let response: Response
  try {
    response = await fetch(path, { method, credentials: 'same-origin' })
  } catch (cause) {
    throw ApiError.offline(cause)
  }
  if (response.ok) {
    const session = (await response.json()) as SignedIn
    adopt(session, lifetimeOf(session, response))
    return session.accessToken
  }
  const problem = await parseProblem(response)
  if (response.status !== 401) throw problem
  end()
  return null
}
