import type { Role } from '@anneal/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../../../tests/support/until.ts'
import { write } from '../../platform/write.ts'
import type { AuthTables } from './auth.tables.ts'
import type { AuthPlatform } from './auth.testing.ts'
import { auditActions, authHttp, openAuthPlatform, password, testDialects } from './auth.testing.ts'
import { createUser } from './create-user.ts'

type Http = Awaited<ReturnType<typeof authHttp>>
type Headers = Record<string, string>

describe.each(testDialects)('the routes of auth on %s', (dialect) => {
  let opened: AuthPlatform
  let app: Http
  const tokens: Partial<Record<Role, string>> = {}
  const cookieName = () => `anneal_${opened.platform.instanceId}_refresh`

  const call = (method: 'GET' | 'POST' | 'DELETE', url: string, headers: Headers = {}, payload?: object) =>
    app.inject({ method, url, headers: { host: 'localhost', ...headers }, ...(payload ? { payload } : {}) })
  const signIn = (email: string, given = password) =>
    call('POST', '/api/v1/auth/sign-in', {}, { email, password: given })
  const as = (role: Role): Headers => ({ authorization: `Bearer ${tokens[role]}` })
  const withCookie = (value: string, headers: Headers = {}) => ({
    cookie: `${cookieName()}=${value}`,
    ...headers,
  })
  const cookieOf = (reply: Awaited<ReturnType<typeof call>>) =>
    reply.cookies.find((cookie) => cookie.name === cookieName())

  beforeAll(async () => {
    opened = await openAuthPlatform(dialect)
    app = await authHttp(opened)
    for (const role of ['administrator', 'manager', 'member', 'viewer'] as const) {
      const email = `${role}@example.com`
      await createUser(opened.system, { email, role, password })
      tokens[role] = (await signIn(email)).json<{ accessToken: string }>().accessToken
    }
  })
  afterAll(async () => {
    await app.close()
    await opened.close()
  })

  test('sign-in gives a token and a cookie that scripts and other paths never see', async () => {
    const reply = await signIn('Member@Example.com')
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toMatchObject({ user: { email: 'member@example.com', role: 'member' } })
    expect(cookieOf(reply)).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/api/v1/auth' })
    expect(reply.body).not.toContain(cookieOf(reply)?.value)
    expect(reply.body).not.toContain('hash')
  })

  test('refresh trades the cookie; sign-out ends it and takes it back', async () => {
    const first = await signIn('member@example.com')
    const refreshed = await call('POST', '/api/v1/auth/refresh', withCookie(cookieOf(first)?.value ?? ''))
    expect(refreshed.statusCode).toBe(200)
    const { accessToken } = refreshed.json<{ accessToken: string }>()
    const bearer = { authorization: `Bearer ${accessToken}` }
    expect((await call('GET', '/api/v1/auth/me', bearer)).json()).toMatchObject({ role: 'member' })
    const out = await call('POST', '/api/v1/auth/sign-out', withCookie(cookieOf(refreshed)?.value ?? ''))
    expect([out.statusCode, cookieOf(out)?.value, cookieOf(out)?.maxAge]).toEqual([204, '', 0])
    const after = await call('GET', '/api/v1/auth/me', bearer)
    expect([after.statusCode, after.json<{ code: string }>().code]).toEqual([401, 'auth.session-ended'])
  })

  test('sign-out works by access token alone, and without any session', async () => {
    const reply = await signIn('member@example.com')
    const bearer = { authorization: `Bearer ${reply.json<{ accessToken: string }>().accessToken}` }
    expect((await call('POST', '/api/v1/auth/sign-out', bearer)).statusCode).toBe(204)
    expect((await call('GET', '/api/v1/auth/me', bearer)).statusCode).toBe(401)
    expect((await call('POST', '/api/v1/auth/sign-out')).statusCode).toBe(204)
  })

  test('a cookie of another instance and one that is unknown are no session', async () => {
    const value = cookieOf(await signIn('member@example.com'))?.value ?? ''
    for (const cookie of [`anneal_other_refresh=${value}`, `${cookieName()}=unknown`]) {
      const reply = await call('POST', '/api/v1/auth/refresh', { cookie })
      expect(reply.json()).toMatchObject({ status: 401, code: 'auth.session-ended' })
    }
    expect((await call('POST', '/api/v1/auth/refresh', withCookie(value))).statusCode).toBe(200)
  })

  test('a page of another origin cannot use the cookie', async () => {
    const value = cookieOf(await signIn('member@example.com'))?.value ?? ''
    const foreign = withCookie(value, { origin: 'http://evil.example' })
    const reply = await call('POST', '/api/v1/auth/refresh', foreign)
    expect(reply.json()).toMatchObject({ status: 403, code: 'platform.wrong-origin' })
    const own = withCookie(value, { origin: 'http://localhost' })
    expect((await call('POST', '/api/v1/auth/refresh', own)).statusCode).toBe(200)
  })

  test('guesses are slowed down, with an honest Retry-After, and known accounts do not show', async () => {
    await createUser(opened.system, { email: 'slow@example.com', role: 'member', password })
    for (const email of ['slow@example.com', 'unknown@example.com']) {
      const codes: number[] = []
      for (let guess = 0; guess < 10; guess += 1) codes.push((await signIn(email, 'wrong')).statusCode)
      expect(codes).toEqual([...Array<number>(9).fill(401), 429])
      const refused = await signIn(email)
      expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1'])
      expect(refused.json()).toMatchObject({ code: 'auth.throttled', params: { seconds: 1 } })
      opened.passTime(1001)
    }
    expect((await signIn('slow@example.com')).statusCode).toBe(200)
  })

  test.each([
    ['administrator', 201],
    ['manager', 403],
    ['member', 403],
    ['viewer', 403],
    [null, 401],
  ] as const)('a user is made by %s: %i', async (role, status) => {
    const body = { email: `made-by-${role}@example.com`, role: 'member', password }
    const reply = await call('POST', '/api/v1/users', role ? as(role) : {}, body)
    expect(reply.statusCode).toBe(status)
    expect((await call('GET', '/api/v1/users', role ? as(role) : {})).statusCode).toBe(
      role === 'manager' || status === 201 ? 200 : status,
    )
    if (status === 403) expect(await auditActions(opened)).toContain('auth.createUser')
  })

  test.each([
    ['administrator', 201],
    ['manager', 201],
    ['member', 201],
    ['viewer', 403],
    [null, 401],
  ] as const)('a key is made by %s: %i, and ended by its owner alone', async (role, status) => {
    const headers = role ? as(role) : {}
    const made = await call('POST', '/api/v1/keys', headers, { name: 'script' })
    expect(made.statusCode).toBe(status)
    if (status !== 201) return
    const { id, key } = made.json<{ id: string; key: string }>()
    const stranger = as(role === 'member' ? 'manager' : 'member')
    expect((await call('DELETE', `/api/v1/keys/${id}`, stranger)).statusCode).toBe(404)
    const bearer = { authorization: `Bearer ${key}` }
    expect((await call('GET', '/api/v1/auth/me', bearer)).json()).toMatchObject({ role })
    expect((await call('GET', '/api/v1/keys', headers)).body).not.toContain(key)
    expect((await call('DELETE', `/api/v1/keys/${id}`, headers)).statusCode).toBe(204)
    expect((await call('GET', '/api/v1/auth/me', bearer)).statusCode).toBe(401)
  })

  test('a key without the scope is refused', async () => {
    const made = await call('POST', '/api/v1/keys', as('member'), { name: 'reads', scopes: ['api:read'] })
    const bearer = { authorization: `Bearer ${made.json<{ key: string }>().key}` }
    expect((await call('GET', '/api/v1/keys', bearer)).statusCode).toBe(200)
    const reply = await call('POST', '/api/v1/keys', bearer, { name: 'another' })
    expect(reply.json()).toMatchObject({ status: 403, code: 'auth.scope-missing' })
  })

  test('whoever is disabled is out, with session and key', async () => {
    const { id } = await createUser(opened.system, { email: 'gone@example.com', role: 'member', password })
    const signedIn = await signIn('gone@example.com')
    const bearer = { authorization: `Bearer ${signedIn.json<{ accessToken: string }>().accessToken}` }
    const key = (await call('POST', '/api/v1/keys', bearer, { name: 'script' })).json<{ key: string }>().key
    expect((await call('GET', '/api/v1/auth/me', { authorization: `Bearer ${key}` })).statusCode).toBe(200)
    await write(opened.system, async (tx) => {
      await tx.runDynamic<AuthTables>((k) =>
        k.updateTable('user_account').set({ disabled_at: 1 }).where('id', '=', id),
      )
      tx.audit('user.disabled', { kind: 'user', id })
      tx.emit({ kind: 'user', id, change: 'updated', ownerId: id, visibility: 'private' })
    })
    await until(async () => (await call('GET', '/api/v1/auth/me', bearer)).statusCode === 401)
    expect((await call('GET', '/api/v1/auth/me', { authorization: `Bearer ${key}` })).statusCode).toBe(401)
    expect((await signIn('gone@example.com')).json()).toMatchObject({ code: 'auth.wrong-credentials' })
    const cookie = withCookie(cookieOf(signedIn)?.value ?? '')
    expect((await call('POST', '/api/v1/auth/refresh', cookie)).statusCode).toBe(401)
  })
})
