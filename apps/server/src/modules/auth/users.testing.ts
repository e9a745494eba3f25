import type { Role } from '@anneal/contract'
import { onTestFinished } from 'vitest'
import type { AuthPlatform } from './auth.testing.ts'
import { authHttp, password } from './auth.testing.ts'
import { createUser } from './create-user.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

export interface Someone {
  id: string
  email: string
  token: string
}

let made = 0

/** The HTTP side with people of every role on it. */
export async function peopleHttp(opened: AuthPlatform) {
  const app = await authHttp(opened)

  async function call<T = Record<string, unknown>>(
    who: { token: string } | null,
    method: Method,
    url: string,
    payload?: object,
  ): Promise<{ status: number; body: T; text: string; cookie: string | undefined }> {
    const reply = await app.inject({
      method,
      url: `/api/v1${url}`,
      headers: { host: 'localhost', ...(who ? { authorization: `Bearer ${who.token}` } : {}) },
      ...(payload ? { payload } : {}),
    })
    const cookie = reply.cookies.find(({ name }) => name.endsWith('_refresh'))?.value
    const body = reply.body.startsWith('{') ? reply.json<T>() : ({} as T)
    return { status: reply.statusCode, body, text: reply.body, cookie }
  }

  async function signIn(email: string, given = password): Promise<string> {
    const { body } = await call<{ accessToken: string }>(null, 'POST', '/auth/sign-in', {
      email,
      password: given,
    })
    return body.accessToken
  }

  async function someone(role: Role): Promise<Someone> {
    const email = `${role}${(made += 1)}@example.com`
    const { id } = await createUser(opened.system, { email, role, password })
    return { id, email, token: await signIn(email) }
  }

  return { app, call, signIn, someone }
}

export type People = Awaited<ReturnType<typeof peopleHttp>>

/** What reaches a listener of changes of this kind until the test is over: ids with what became of them. */
export function changesOf(opened: AuthPlatform, kind: string): string[] {
  const seen: string[] = []
  onTestFinished(opened.platform.events.onChange(kind, (row) => void seen.push(`${row.id} ${row.change}`)))
  return seen
}
