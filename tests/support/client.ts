import type { RouteInput, RouteName, RouteReply } from '@anneal/contract'
import { routeList } from '@anneal/contract/route-list'
import { noteSecret, noteSecretsIn } from './secrets-used.ts'

interface LooseInput {
  params?: Record<string, string | number>
  query?: Record<string, unknown>
  body?: unknown
}

export interface CallExtras {
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** A reply that was no success: the status and the problem details, as the server sent them. */
export class CallError extends Error {
  readonly status: number
  readonly code: string | undefined
  readonly problem: Record<string, unknown>

  constructor(name: string, status: number, problem: Record<string, unknown>) {
    super(`${name} answered ${status}: ${JSON.stringify(problem)}`)
    this.status = status
    this.code = typeof problem.code === 'string' ? problem.code : undefined
    this.problem = problem
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The method and address of a route with its params and query filled in. */
export function addressOf(name: RouteName, input: LooseInput = {}): [method: string, path: string] {
  const [method, template] = routeList[name]
  const filled = template.replaceAll(/:(\w+)/g, (_, key: string) =>
    encodeURIComponent(String(input.params?.[key])),
  )
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(input.query ?? {})) {
    if (value === undefined || value === null) continue
    for (const one of Array.isArray(value) ? value : [value]) query.append(key, String(one))
  }
  return [method, query.size > 0 ? `${filled}?${query}` : filled]
}

/** A small API client of one person: typed by the contract, it keeps the access token and the refresh cookie. */
export class Client {
  readonly baseUrl: string
  /** Access token or API key that is sent as Bearer. */
  token: string | undefined
  /** The refresh cookie, `name=value`. */
  cookie: string | undefined

  constructor(baseUrl: string, token?: string) {
    this.baseUrl = baseUrl
    this.token = token
  }

  /** Signs in by mail and password; every later call carries the session. */
  signIn(email: string, password: string): Promise<RouteReply<'auth.refresh'>> {
    return this.enter('auth.signIn', { body: { email, password } })
  }

  /**
   * The same by any way in that asks for nothing more.
   * @throws Error where the reply is the next step instead of a session.
   */
  async enter(name: RouteName, input: LooseInput): Promise<RouteReply<'auth.refresh'>> {
    const reply = await this.step(name, input)
    if (!('accessToken' in reply)) throw new Error(`${name} asks for more: ${reply.next}`)
    return reply
  }

  /** Takes a step of a sign-in: a session, which every later call carries, or what is asked for next. */
  async step(name: RouteName, input: LooseInput): Promise<RouteReply<'auth.verifySignIn'>> {
    const response = await this.send(name, input)
    const reply = parse(await response.text())
    if (!response.ok) throw new CallError(name, response.status, reply as Record<string, unknown>)
    const entered = reply as RouteReply<'auth.verifySignIn'>
    if ('accessToken' in entered) {
      this.cookie = response.headers.getSetCookie()[0]?.split(';')[0]
      this.token = entered.accessToken
    }
    noteSecret(this.cookie?.split('=')[1])
    noteSecretsIn(reply)
    return entered
  }

  /**
   * Calls a route and gives its checked reply (text where it is no JSON, undefined where it is empty).
   * @throws CallError for every status that is no success.
   */
  async call<N extends RouteName>(
    name: N,
    input?: RouteInput<N>,
    extras: CallExtras = {},
  ): Promise<RouteReply<N>> {
    const response = await this.send(name, (input ?? {}) as LooseInput, extras)
    const text = await response.text()
    const reply = text === '' ? undefined : parse(text)
    if (!response.ok) {
      const problem =
        typeof reply === 'object' && reply !== null ? (reply as Record<string, unknown>) : { text }
      throw new CallError(name, response.status, problem)
    }
    noteSecretsIn(reply)
    return reply as RouteReply<N>
  }

  /** Sends a route's request and gives the raw response, whatever its status. */
  send(name: RouteName, input: LooseInput = {}, extras: CallExtras = {}): Promise<Response> {
    const [method, path] = addressOf(name, input)
    const { body } = input
    noteSecretsIn(body)
    const isRaw = typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream
    return this.fetch(path, {
      method,
      ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
      ...(extras.signal ? { signal: extras.signal } : {}),
      headers: {
        ...(body === undefined
          ? {}
          : { 'content-type': isRaw ? 'application/octet-stream' : 'application/json' }),
        ...extras.headers,
      },
    } as RequestInit)
  }

  /** Any address of the server, with this person's token and cookie. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    if (this.token && !headers.has('authorization')) headers.set('authorization', `Bearer ${this.token}`)
    if (this.cookie && !headers.has('cookie')) headers.set('cookie', this.cookie)
    return fetch(new URL(path, this.baseUrl), { redirect: 'manual', ...init, headers })
  }
}
