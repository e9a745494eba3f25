import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authenticate } from './authenticate.ts'
import type { AuthPlatform } from './auth.testing.ts'
import { auditActions, openAuthPlatform, openSession, password, requestOf } from './auth.testing.ts'
import { createUser } from './create-user.ts'
import { grace, refresh } from './refresh.ts'
import { signingKeys } from './sessions.repo.ts'
import { rotateSigningKeys } from './rotate-signing-keys.ts'

interface Parts {
  header: Record<string, unknown>
  claims: Record<string, unknown>
}

const device = { userAgent: 'test' }
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const refused = { code: 'auth.unauthenticated' }

/** One database is enough: what decides here is the program alone. */
describe('a token that is none of ours', () => {
  let opened: AuthPlatform
  let token = ''
  let refreshToken = ''
  let keys: { publicPem: string; privatePem: string }
  beforeAll(async () => {
    opened = await openAuthPlatform('sqlite')
    await createUser(opened.system, { email: 'lin@example.com', role: 'member', password })
    const session = await openSession(requestOf(opened), { email: 'lin@example.com', password }, device)
    token = session.reply.accessToken
    refreshToken = session.refreshToken
    const [row] = await opened.platform.db.read.all(signingKeys, {})
    keys = {
      publicPem: row!.public_key,
      privatePem: opened.platform.secrets.decrypt(row!.private_key),
    }
  })
  afterAll(() => opened.close())

  const bearer = (given: string) => authenticate(opened.platform, `Bearer ${given}`)
  function ours(): Parts {
    const [header = '', claims = ''] = token.split('.')
    const read = (text: string) =>
      JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>
    return { header: read(header), claims: read(claims) }
  }
  /** Signed with the server's own key, whatever the header and claims say. */
  function signedByUs({ header, claims }: Parts): string {
    const text = `${part(header)}.${part(claims)}`
    return `${text}.${sign(null, Buffer.from(text), createPrivateKey(keys.privatePem)).toString('base64url')}`
  }

  test('what the tests forge is good where nothing is forged', async () => {
    expect(await bearer(signedByUs(ours()))).toMatchObject({ kind: 'user' })
  })

  test.each(['none', 'None', 'NONE', 'nOnE', '', null])('alg %s', async (alg) => {
    const { header, claims } = ours()
    const text = `${part({ ...header, alg })}.${part(claims)}`
    for (const signature of ['', token.split('.')[2]])
      await expect(bearer(`${text}.${signature}`)).rejects.toMatchObject(refused)
    await expect(bearer(text)).rejects.toMatchObject(refused)
  })

  test.each(['HS256', 'HS384', 'HS512'])('%s with the public key as the secret', async (alg) => {
    const { header, claims } = ours()
    const der = createPublicKey(keys.publicPem).export({ type: 'spki', format: 'der' })
    const raw = der.subarray(-32)
    for (const secret of [keys.publicPem, keys.publicPem.trim(), der, raw, raw.toString('base64url'), '']) {
      const text = `${part({ ...header, alg })}.${part(claims)}`
      const mac = createHmac(`sha${alg.slice(2)}`, secret)
        .update(text)
        .digest('base64url')
      await expect(bearer(`${text}.${mac}`)).rejects.toMatchObject(refused)
    }
  })

  test.each([
    '../../../../dev/null',
    'file:///etc/passwd',
    "' union select 'x' --",
    "x' or '1'='1",
    '',
    'x'.repeat(5000),
    '01900000-0000-7000-8000-000000000000',
    null,
    0,
    ['a'],
    { $ne: '' },
  ])('kid %j, even if signed by the right key', async (kid) => {
    const { header, claims } = ours()
    await expect(bearer(signedByUs({ header: { ...header, kid }, claims }))).rejects.toMatchObject(refused)
  })

  test.each([
    { jku: 'https://evil.example/keys' },
    { x5u: 'https://evil.example/keys' },
    { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } },
    { crit: ['exp'] },
    { typ: 'at+jwt' },
    { cty: 'JWT' },
  ])('a header with %j', async (more) => {
    const { header, claims } = ours()
    await expect(bearer(signedByUs({ header: { ...header, ...more }, claims }))).rejects.toMatchObject(
      refused,
    )
  })

  test('our kid over another key, of every kind', async () => {
    const { header, claims } = ours()
    const text = `${part(header)}.${part(claims)}`
    const { privateKey } = generateKeyPairSync('ed25519')
    const signature = sign(null, Buffer.from(text), privateKey).toString('base64url')
    await expect(bearer(`${text}.${signature}`)).rejects.toMatchObject(refused)
    const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    for (const alg of ['EdDSA', 'ES256']) {
      const other = `${part({ ...header, alg })}.${part(claims)}`
      const made = sign('sha256', Buffer.from(other), ec).toString('base64url')
      await expect(bearer(`${other}.${made}`)).rejects.toMatchObject(refused)
    }
  })

  test('the kid of one of our keys over another of them', async () => {
    await rotateSigningKeys(opened.system, { distrust: false })
    const rows = await opened.platform.db.read.all(signingKeys, {})
    const { header, claims } = ours()
    const other = rows.find((row) => row.kid !== header.kid)
    await expect(
      bearer(signedByUs({ header: { ...header, kid: other!.kid }, claims })),
    ).rejects.toMatchObject(refused)
  })

  test.each([
    { aud: 'another' },
    { aud: undefined },
    { aud: [] },
    { iss: 'another' },
    { iss: undefined },
    { sid: undefined },
    { sub: undefined },
    { exp: undefined },
    { exp: 'never' },
  ])('claims with %j, signed by us', async (changed) => {
    const { header, claims } = ours()
    await expect(bearer(signedByUs({ header, claims: { ...claims, ...changed } }))).rejects.toMatchObject(
      refused,
    )
  })

  test('a changed payload, byte by byte, and a cut or longer signature', async () => {
    const [header = '', payload = '', signature = ''] = token.split('.')
    for (let at = 0; at < payload.length; at += 7) {
      const changed = payload.slice(0, at) + (payload[at] === 'A' ? 'B' : 'A') + payload.slice(at + 1)
      await expect(bearer(`${header}.${changed}.${signature}`)).rejects.toMatchObject(refused)
    }
    for (const other of [signature.slice(0, -2), `${signature}AA`, '', 'A'.repeat(86)])
      await expect(bearer(`${header}.${payload}.${other}`)).rejects.toMatchObject(refused)
    await expect(bearer(`${token}.${signature}`)).rejects.toMatchObject(refused)
  })

  test("another session's id does not help: the session decides who it is", async () => {
    const { header, claims } = ours()
    const unknown = signedByUs({ header, claims: { ...claims, sid: '01900000-0000-7000-8000-000000000000' } })
    await expect(bearer(unknown)).rejects.toMatchObject({ code: 'auth.session-ended' })
  })

  test('a refresh token as access token', async () => {
    await expect(bearer(refreshToken)).rejects.toMatchObject(refused)
  })

  test('a clock that is ahead or behind: what has run out has run out, what another server signed is good', async () => {
    const { header, claims } = ours()
    const now = Math.floor(Date.now() / 1000)
    const at = (seconds: number) =>
      signedByUs({ header, claims: { ...claims, iat: now + seconds, exp: now + seconds + 900 } })
    // Signed by a server whose clock is a minute off.
    for (const seconds of [-60, 60]) expect(await bearer(at(seconds))).toMatchObject({ kind: 'user' })
    await expect(bearer(at(-901))).rejects.toMatchObject({ code: 'auth.token-expired' })
  })

  test('a replaced refresh token from two places: one successor within the grace, the end of all after it', async () => {
    await createUser(opened.system, { email: 'mei@example.com', role: 'member', password })
    const first = await openSession(requestOf(opened), { email: 'mei@example.com', password }, device)
    const there = { ...requestOf(opened), address: '203.0.113.9' }
    const mine = await refresh(requestOf(opened), first.refreshToken)
    const theirs = await refresh(there, first.refreshToken)
    expect(theirs.refreshToken).toBe(mine.refreshToken)
    // From here on two hold one token: the first who renews it leaves the other with one that has been replaced.
    const next = await refresh(requestOf(opened), mine.refreshToken)
    opened.passTime(grace + 1)
    const ended = { code: 'auth.session-ended' }
    await expect(refresh(there, theirs.refreshToken)).rejects.toMatchObject(ended)
    await expect(refresh(requestOf(opened), next.refreshToken)).rejects.toMatchObject(ended)
    await expect(bearer(next.reply.accessToken)).rejects.toMatchObject(ended)
    expect(await auditActions(opened)).toContain('session.reuse-detected')
  })
})
