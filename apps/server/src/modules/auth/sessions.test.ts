import { createSigner } from 'fast-jwt'
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authenticate } from './authenticate.ts'
import type { AuthPlatform } from './auth.testing.ts'
import {
  auditActions,
  openAuthPlatform,
  openSession,
  password,
  requestOf,
  testDialects,
} from './auth.testing.ts'
import { createUser } from './create-user.ts'
import { onEnded } from './ended.ts'
import { grace, refresh } from './refresh.ts'
import { signOut } from './sign-out.ts'

const device = { userAgent: 'test' }

describe.each(testDialects)('sessions on %s', (dialect) => {
  let opened: AuthPlatform
  let count = 0
  beforeAll(async () => void (opened = await openAuthPlatform(dialect)))
  afterAll(() => opened.close())

  async function signedIn() {
    count += 1
    const email = `person${count}@example.com`
    await createUser(opened.system, { email, role: 'member', password })
    return openSession(requestOf(opened), { email, password }, device)
  }
  const bearer = (token: string) => authenticate(opened.platform, `Bearer ${token}`)

  test('sign-in gives a token that says who it is, and an audit row', async () => {
    const { reply } = await signedIn()
    const actor = await bearer(reply.accessToken)
    expect(actor).toMatchObject({ kind: 'user', userId: reply.user.id, role: 'member', groupIds: [] })
    expect(Date.parse(reply.expiresAt) - opened.platform.clock.now()).toBeCloseTo(900_000, -4)
    expect(await auditActions(opened)).toContain('session.started')
  })

  test('a wrong password and an unknown account read the same', async () => {
    const { reply } = await signedIn()
    const wrong = { code: 'auth.wrong-credentials' }
    const attempt = (email: string) => openSession(requestOf(opened), { email, password: 'wrong' }, device)
    await expect(attempt(reply.user.email)).rejects.toMatchObject(wrong)
    await expect(attempt('unknown@example.com')).rejects.toMatchObject(wrong)
  })

  test('twenty refreshes at once with one token all get the same successor', async () => {
    const { refreshToken } = await signedIn()
    const all = await Promise.all(Array.from({ length: 20 }, () => refresh(requestOf(opened), refreshToken)))
    expect(new Set(all.map((one) => one.refreshToken)).size).toBe(1)
    const next = await refresh(requestOf(opened), all[0]!.refreshToken)
    expect(next.refreshToken).not.toBe(all[0]!.refreshToken)
    for (const { reply } of all) expect(await bearer(reply.accessToken)).toMatchObject({ kind: 'user' })
  })

  test('within the grace a predecessor yields what is current, over several steps', async () => {
    const first = await signedIn()
    const second = await refresh(requestOf(opened), first.refreshToken)
    const third = await refresh(requestOf(opened), second.refreshToken)
    const again = await refresh(requestOf(opened), first.refreshToken)
    expect(again.refreshToken).toBe(third.refreshToken)
  })

  test('a predecessor after the grace ends the whole family, at once', async () => {
    const first = await signedIn()
    const second = await refresh(requestOf(opened), first.refreshToken)
    opened.passTime(grace + 1)
    const ended = { code: 'auth.session-ended' }
    await expect(refresh(requestOf(opened), first.refreshToken)).rejects.toMatchObject(ended)
    await expect(refresh(requestOf(opened), second.refreshToken)).rejects.toMatchObject(ended)
    await expect(bearer(second.reply.accessToken)).rejects.toMatchObject(ended)
    expect(await auditActions(opened)).toContain('session.reuse-detected')
  })

  test('an older ancestor is recognised too', async () => {
    const first = await signedIn()
    let held = first.refreshToken
    for (let round = 0; round < 3; round += 1) {
      opened.passTime(600_000)
      held = (await refresh(requestOf(opened), held)).refreshToken
    }
    await expect(refresh(requestOf(opened), first.refreshToken)).rejects.toThrow()
    await expect(refresh(requestOf(opened), held)).rejects.toMatchObject({ code: 'auth.session-ended' })
  })

  test('an unknown token is no session, and no alarm', async () => {
    const { refreshToken } = await signedIn()
    const before = await auditActions(opened)
    await expect(refresh(requestOf(opened), `${refreshToken}x`)).rejects.toMatchObject({
      code: 'auth.session-ended',
    })
    expect(await auditActions(opened)).toEqual(before)
    await refresh(requestOf(opened), refreshToken)
  })

  test('a session that lay still too long has ended', async () => {
    const { refreshToken } = await signedIn()
    opened.passTime(31 * 86_400_000)
    await expect(refresh(requestOf(opened), refreshToken)).rejects.toMatchObject({
      code: 'auth.session-ended',
    })
  })

  test('sign-out ends access and refresh at once, tells the listeners, and may be repeated', async () => {
    const { reply, refreshToken } = await signedIn()
    await bearer(reply.accessToken)
    const ended: unknown[] = []
    const stop = onEnded(opened.platform, (one) => ended.push(one))
    await signOut(requestOf(opened), refreshToken)
    await expect(bearer(reply.accessToken)).rejects.toMatchObject({ code: 'auth.session-ended' })
    await expect(refresh(requestOf(opened), refreshToken)).rejects.toThrow()
    expect(ended).toContainEqual({ sessionId: expect.any(String) as string })
    await signOut(requestOf(opened), refreshToken)
    stop()
  })

  test('other sessions of the same person go on', async () => {
    const one = await signedIn()
    const two = await openSession(requestOf(opened), { email: one.reply.user.email, password }, device)
    await signOut(requestOf(opened), one.refreshToken)
    expect(await bearer(two.reply.accessToken)).toMatchObject({ kind: 'user' })
  })

  describe('a forged token', () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const refused = { code: 'auth.unauthenticated' }

    test('alg none, a changed payload, another signature', async () => {
      const { reply } = await signedIn()
      const [header = '', payload = '', signature = ''] = reply.accessToken.split('.')
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
      const kept = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>
      const forged = [
        `${part({ ...kept, alg: 'none' })}.${payload}.`,
        `${part({ ...kept, alg: 'none' })}.${payload}.${signature}`,
        `${header}.${payload}.`,
        `${header}.${part({ ...claims, sub: 'someone-else' })}.${signature}`,
        `${part({ ...kept, alg: 'HS256' })}.${payload}.${signature}`,
        `${part({ ...kept, kid: '../../etc/passwd' })}.${payload}.${signature}`,
      ]
      for (const token of forged) await expect(bearer(token)).rejects.toMatchObject(refused)
    })

    test('signed by another key under our kid', async () => {
      const { reply } = await signedIn()
      const { kid } = JSON.parse(Buffer.from(reply.accessToken.split('.')[0]!, 'base64url').toString()) as {
        kid: string
      }
      const { privateKey } = generateKeyPairSync('ed25519')
      const id = opened.platform.instanceId
      const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      const sign = createSigner({ algorithm: 'EdDSA', key, kid, iss: id, aud: id, expiresIn: 60_000 })
      await expect(bearer(sign({ sub: reply.user.id, sid: 'x' }))).rejects.toMatchObject(refused)
    })

    test('a refresh token as access token, and nonsense', async () => {
      const { refreshToken } = await signedIn()
      for (const token of [refreshToken, 'a.b.c', '.', 'A'.repeat(21)])
        await expect(bearer(token)).rejects.toMatchObject(refused)
      await expect(authenticate(opened.platform, 'Basic abc')).rejects.toMatchObject(refused)
    })

    test('an expired one and one for another audience', async () => {
      const { reply } = await signedIn()
      const sign = await opened.signWith({ expiresIn: 1000, iat: 1_000_000 })
      await expect(bearer(sign({ sub: reply.user.id, sid: 'x' }))).rejects.toMatchObject({
        code: 'auth.token-expired',
      })
      const elsewhere = await opened.signWith({ expiresIn: 60_000, aud: 'another' })
      await expect(bearer(elsewhere({ sub: reply.user.id, sid: 'x' }))).rejects.toMatchObject(refused)
    })
  })
})
