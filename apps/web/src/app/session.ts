import type { Permission, RouteInput, RouteReply } from '@anneal/contract'
import { routeList } from '@anneal/contract/route-list'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { adopt, end, lifetimeOf, mayHaveSession, onAccess, refresh } from './access.ts'
import type { SignedIn } from './access.ts'
import { acceptLanguage, ApiError, parseProblem } from './problem.ts'

type Credentials = RouteInput<'auth.signIn'>['body']
type FirstAdministrator = RouteInput<'auth.setUp'>['body']
type Accepted = RouteInput<'auth.acceptInvitation'>['body']
type NewPassword = RouteInput<'auth.resetPassword'>['body']
type Step = RouteInput<'auth.verifySignIn'>['body']
type Registered = RouteInput<'identity.confirmRegistration'>['body']
type Way =
  | 'identity.confirmRegistration'
  | 'auth.signIn'
  | 'auth.setUp'
  | 'auth.acceptInvitation'
  | 'auth.resetPassword'
  | 'auth.verifySignIn'
type Entered = RouteReply<'auth.verifySignIn'>

/** What is asked for before anyone is let in. */
export type NextStep = Extract<Entered, { next: string }>

/** Who is signed in, and what they may do. */
export const useSession = defineStore('session', () => {
  const user = shallowRef<SignedIn['user'] | null>(null)
  const permissions = computed(() => new Set<string>(user.value?.permissions ?? []))
  let restoring: Promise<void> | undefined
  /** The server could not be asked whether there is a session. */
  const away = ref(false)
  /** What is cached in this page belongs to this user; another one gets a new page. */
  let pageOwner: string | null = null

  onAccess((event) => {
    user.value = event.type === 'signed-in' ? event.session.user : null
    if (user.value) pageOwner ??= user.value.id
  })

  function can(permission: Permission | undefined): boolean {
    return permission === undefined || permissions.value.has(permission)
  }

  /** Once per page load: trades the cookie for a session, if there is one. A server that is away throws. */
  function restore(): Promise<void> {
    restoring ??= (mayHaveSession() ? refresh() : Promise.resolve(null)).then(
      () => void (away.value = false),
      (error: unknown) => {
        restoring = undefined
        away.value = true
        throw error
      },
    )
    return restoring
  }

  /** Takes a way in, or a step of it; whoever is in is so from now on. */
  async function enter(name: Way, body: unknown): Promise<Entered> {
    const [method, path] = routeList[name]
    let response: Response
    try {
      response = await fetch(path, {
        method,
        credentials: 'same-origin',
        headers: { 'content-type': 'application/json', 'accept-language': acceptLanguage() },
        body: JSON.stringify(body),
      })
    } catch (cause) {
      throw ApiError.offline(cause)
    }
    if (!response.ok) throw await parseProblem(response)
    const entered = (await response.json()) as Entered
    if ('accessToken' in entered) adopt(entered, lifetimeOf(entered, response))
    return entered
  }

  /** The same where only the next step is of interest: null for whoever is in. */
  async function open(name: Way, body: unknown): Promise<NextStep | null> {
    const entered = await enter(name, body)
    return 'next' in entered ? entered : null
  }

  async function signOut(): Promise<void> {
    const [method, path] = routeList['auth.signOut']
    // Whatever the server says, this browser forgets, and nothing stays in memory.
    await fetch(path, { method, credentials: 'same-origin' }).catch(() => undefined)
    end()
    location.assign('/sign-in')
  }

  return {
    user,
    away,
    /** Whose page this is, though the session may have ended meanwhile. */
    owner: () => pageOwner,
    isOtherUser: () => user.value !== null && user.value.id !== pageOwner,
    can,
    restore,
    verify: (body: Step) => enter('auth.verifySignIn', body),
    signIn: (body: Credentials) => open('auth.signIn', body),
    setUp: (body: FirstAdministrator) => open('auth.setUp', body),
    acceptInvitation: (body: Accepted) => open('auth.acceptInvitation', body),
    confirmRegistration: (body: Registered) => open('identity.confirmRegistration', body),
    resetPassword: (body: NewPassword) => open('auth.resetPassword', body),
    signOut,
  }
})
