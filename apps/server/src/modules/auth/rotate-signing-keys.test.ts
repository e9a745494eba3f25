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
import { rotateSigningKeys, tendSigningKeys } from './rotate-signing-keys.ts'
import { signingKeys } from './sessions.repo.ts'
import { signAccessToken } from './signing-keys.ts'

const device = { userAgent: 'test' }
const minute = 60_000
const day = 24 * 60 * minute
const kidOf = (token: string) =>
  (JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid

describe.each(testDialects)('signing keys on %s', (dialect) => {
  let opened: AuthPlatform
  let other: AuthPlatform
  beforeAll(async () => {
    opened = await openAuthPlatform(dialect)
    other = dialect === 'sqlite' ? opened : await opened.secondServer()
    await createUser(opened.system, { email: 'lin@example.com', role: 'member', password })
  })
  afterAll(async () => {
    if (other !== opened) await other.close()
    await opened.close()
  })

  const signedIn = () => openSession(requestOf(opened), { email: 'lin@example.com', password }, device)
  const stateOf = (at: AuthPlatform, token: string) =>
    authenticate(at.platform, `Bearer ${token}`).then(
      (actor) => actor.kind,
      (error: { code?: string }) => error.code,
    )
  const pass = (ms: number) => {
    opened.passTime(ms)
    if (other !== opened) other.passTime(ms)
  }
  const kids = async () => (await opened.platform.db.read.all(signingKeys, {})).map((row) => row.kid)

  test('a new key signs once every server looks for it; the old one verifies until its tokens end', async () => {
    const before = await signedIn()
    await rotateSigningKeys(opened.system, { distrust: false })
    const claims = { sub: before.reply.user.id, sid: await sessionOf(before.reply.accessToken) }
    const soon = await signAccessToken(opened.platform, claims)
    expect(kidOf(soon.accessToken)).toBe(kidOf(before.reply.accessToken))
    pass(10_001)
    const later = await signAccessToken(opened.platform, claims)
    expect(kidOf(later.accessToken)).not.toBe(kidOf(before.reply.accessToken))
    for (const at of [opened, other])
      for (const token of [before.reply.accessToken, later.accessToken])
        expect(await stateOf(at, token)).toBe('user')
    pass(31 * minute)
    await tendSigningKeys(opened.platform)
    await tendSigningKeys(other.platform)
    expect(await kids()).toEqual([kidOf(later.accessToken)])
    // Of its end nobody is told: a token of a key that is gone reads like any other that is none of ours.
    for (const at of [opened, other])
      expect(await stateOf(at, before.reply.accessToken)).toBe('auth.unauthenticated')
  })

  test('a key that has signed for thirty days is followed by another, by itself', async () => {
    const [old] = await kids()
    await tendSigningKeys(opened.platform)
    expect(await kids()).toEqual([old])
    pass(30 * day + minute)
    await Promise.all([tendSigningKeys(opened.platform), tendSigningKeys(other.platform)])
    expect((await kids()).length).toBeGreaterThan(1)
    expect(await kids()).toContain(old)
    expect(await auditActions(opened)).toContain('signing-key.rotated')
    pass(minute)
    const { reply } = await signedIn()
    expect(kidOf(reply.accessToken)).not.toBe(old)
    expect(await stateOf(other, reply.accessToken)).toBe('user')
  })

  test('of a key that is not trusted any more no token is good, and sessions go on', async () => {
    const { reply } = await signedIn()
    await rotateSigningKeys(opened.system, { distrust: true })
    expect(await stateOf(opened, reply.accessToken)).toBe('auth.unauthenticated')
    await tendSigningKeys(other.platform)
    expect(await stateOf(other, reply.accessToken)).toBe('auth.unauthenticated')
    pass(10_001)
    expect(await stateOf(other, (await signedIn()).reply.accessToken)).toBe('user')
  })

  async function sessionOf(token: string): Promise<string> {
    const actor = await authenticate(opened.platform, `Bearer ${token}`)
    return actor.kind === 'user' ? actor.sessionId : ''
  }
})
