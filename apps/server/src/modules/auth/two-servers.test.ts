import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../../../tests/support/until.ts'
import { authenticate } from './authenticate.ts'
import type { AuthPlatform } from './auth.testing.ts'
import { openAuthPlatform, openSession, password, requestOf, testDialects } from './auth.testing.ts'
import { changePassword } from './change-password.ts'
import { createUser } from './create-user.ts'
import { refresh } from './refresh.ts'
import { signOut } from './sign-out.ts'
import { updateUser } from './update-user.ts'

const device = { userAgent: 'test' }
const shared = testDialects.filter((dialect) => dialect !== 'sqlite')

describe.each(shared)('two servers on one database, %s', (dialect) => {
  let first: AuthPlatform
  let second: AuthPlatform
  beforeAll(async () => {
    first = await openAuthPlatform(dialect)
    second = await first.secondServer()
    await createUser(first.system, { email: 'lin@example.com', role: 'member', password })
  })
  afterAll(async () => {
    await second.close()
    await first.close()
  })

  const signedIn = (at: AuthPlatform) =>
    openSession(requestOf(at), { email: 'lin@example.com', password }, device)

  test('each accepts tokens of the other', async () => {
    for (const [here, there] of [
      [first, second],
      [second, first],
    ] as const) {
      const { reply } = await signedIn(here)
      expect(await authenticate(there.platform, `Bearer ${reply.accessToken}`)).toMatchObject({
        kind: 'user',
      })
    }
  })

  test('a sign-out on one is known to the other within two seconds', async () => {
    const { reply, refreshToken } = await signedIn(first)
    const header = `Bearer ${reply.accessToken}`
    await authenticate(second.platform, header)
    await signOut(requestOf(first), refreshToken)
    const ended = () =>
      authenticate(second.platform, header).then(
        () => false,
        (error: { code?: string }) => error.code === 'auth.session-ended',
      )
    await until(ended, { timeoutMs: 2000, what: 'the end of the session on the other server' })
  })

  test('a changed role and a disabled account are known to the other within two seconds', async () => {
    const user = await createUser(first.system, { email: 'mei@example.com', role: 'viewer', password })
    const { reply } = await openSession(requestOf(first), { email: 'mei@example.com', password }, device)
    const seenBySecond = () =>
      authenticate(second.platform, `Bearer ${reply.accessToken}`).then(
        (actor) => ('role' in actor ? actor.role : actor.kind),
        (error: { code?: string }) => error.code,
      )
    expect(await seenBySecond()).toBe('viewer')
    await updateUser(first.system, user.id, { version: 1, role: 'manager' })
    await until(async () => (await seenBySecond()) === 'manager', { timeoutMs: 2000, what: 'the role' })
    await updateUser(first.system, user.id, { version: 2, disabled: true })
    await until(async () => (await seenBySecond()) === 'auth.session-ended', {
      timeoutMs: 2000,
      what: 'the end on the other server',
    })
  })

  test('a changed password ends the other sessions, on the other server within two seconds', async () => {
    await createUser(first.system, { email: 'ada@example.com', role: 'member', password })
    const open = () => openSession(requestOf(first), { email: 'ada@example.com', password }, device)
    const [mine, elsewhere] = [await open(), await open()]
    const stateOf = (token: string) =>
      authenticate(second.platform, `Bearer ${token}`).then(
        (actor) => actor.kind,
        (error: { code?: string }) => error.code,
      )
    expect(await stateOf(elsewhere.reply.accessToken)).toBe('user')
    const actor = await authenticate(first.platform, `Bearer ${mine.reply.accessToken}`)
    const ctx = { ...requestOf(first), actor }
    await changePassword(ctx, { current: password, password: `${password} and more` })
    await until(async () => (await stateOf(elsewhere.reply.accessToken)) === 'auth.session-ended', {
      timeoutMs: 2000,
      what: 'the end of the other session',
    })
    expect(await stateOf(mine.reply.accessToken)).toBe('user')
  })

  test('refreshes of one token on both at once yield one successor', async () => {
    const { refreshToken } = await signedIn(first)
    const both = Array.from({ length: 20 }, (_, at) =>
      refresh(requestOf(at % 2 ? first : second), refreshToken),
    )
    expect(new Set((await Promise.all(both)).map((one) => one.refreshToken)).size).toBe(1)
  })
})
