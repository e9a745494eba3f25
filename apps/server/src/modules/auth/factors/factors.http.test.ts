import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuthPlatform } from '../auth.testing.ts'
import { auditActions, openAuthPlatform, password, testDialects } from '../auth.testing.ts'
import { roleById } from '../roles/roles.repo.ts'
import { updateRole } from '../roles/update-role.ts'
import { updateUser } from '../update-user.ts'
import { userById } from '../users.repo.ts'
import type { People, Someone } from '../users.testing.ts'
import { peopleHttp } from '../users.testing.ts'
import type { Gesture } from './authenticator.testing.ts'
import { softAuthenticator } from './authenticator.testing.ts'
import type { FactorTables } from './factors.tables.ts'

interface Step {
  next: string
  ticket: string
  methods: string[]
  accessToken?: string
  recoveryCodes?: string[]
}
interface Begun {
  ticket: string
  secret: string
  options: { challenge: string; userVerification?: string; allowCredentials?: unknown[] }
}
interface Problem {
  code: string
}

const minute = 60_000
const rp = { rpId: 'localhost', origin: 'http://localhost:4600' }

describe.each(testDialects)('second factors on %s', (dialect) => {
  let opened: AuthPlatform
  let people: People
  beforeAll(async () => {
    opened = await openAuthPlatform(dialect)
    people = await peopleHttp(opened)
  })
  afterAll(async () => {
    await people.app.close()
    await opened.close()
  })

  const codeOf = (secret: string) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: opened.platform.clock.now() })
  /** The code of the next step: one of this step was taken already. */
  const nextCode = (secret: string) => {
    opened.passTime(31_000)
    return codeOf(secret)
  }
  const post = <T = Problem>(who: { token: string } | null, url: string, body: object = {}) =>
    people.call<T>(who, 'POST', url, body)
  const begin = (email: string, given = password) =>
    post<Step & Problem>(null, '/auth/sign-in', { email, password: given })
  const verify = (body: object) => post<Step & Problem>(null, '/auth/sign-in/verify', body)
  /** In a session of its own, whose proof is fresh. */
  const again = async (who: Someone) => ({ ...who, token: await people.signIn(who.email) })

  const versionOf = async (id: string) =>
    Number((await opened.platform.db.read.first(userById, { id }))?.version)

  async function withTotp(role: 'member' | 'viewer' = 'member') {
    const who = await people.someone(role)
    const begun = await post<Begun>(who, '/auth/me/factors/totp/begin')
    const { secret, ticket } = begun.body
    const added = await post<{ recoveryCodes: string[] }>(who, '/auth/me/factors/totp', {
      ticket,
      code: codeOf(secret),
    })
    expect(added.status).toBe(200)
    return { who, secret, codes: added.body.recoveryCodes }
  }

  async function withPasskey() {
    const who = await people.someone('member')
    const device = softAuthenticator()
    const begun = await post<Begun>(who, '/auth/me/factors/passkeys/begin')
    const { ticket, options } = begun.body
    const response = device.register({ ...rp, challenge: options.challenge })
    const added = await post<{ passkey: { id: string }; recoveryCodes: string[] }>(
      who,
      '/auth/me/factors/passkeys',
      { ticket, name: 'Laptop', response },
    )
    expect(added.status).toBe(201)
    return { who, device, id: added.body.passkey.id, codes: added.body.recoveryCodes }
  }

  async function setRequired(role: 'member' | 'viewer', secondFactor: boolean) {
    const row = await opened.platform.db.read.first(roleById, { id: role })
    await updateRole(opened.system, role, { version: Number(row?.version), secondFactor })
  }

  describe('an authenticator app', () => {
    test('is asked for after the password alone, and lets in by a code that works once', async () => {
      const { who, secret } = await withTotp()
      const step = await begin(who.email)
      expect(step.body).toMatchObject({ next: 'second-factor', methods: ['totp', 'recovery-code'] })
      expect([step.cookie, step.body.accessToken]).toEqual([undefined, undefined])
      const { ticket } = step.body
      expect((await verify({ method: 'totp', ticket, code: '000000' })).body.code).toBe('auth.wrong-code')
      const code = nextCode(secret)
      const entered = await verify({ method: 'totp', ticket, code: `${code.slice(0, 3)} ${code.slice(3)}` })
      expect(entered.status).toBe(200)
      expect(entered.cookie).toBeTruthy()
      const me = await people.call({ token: entered.body.accessToken! }, 'GET', '/auth/sessions')
      expect(JSON.stringify(me.body)).toContain('"way":"password","factor":"totp"')
      // Neither the ticket nor the code serves again.
      expect((await verify({ method: 'totp', ticket, code })).body.code).toBe('auth.ticket-unknown')
      const second = (await begin(who.email)).body.ticket
      expect((await verify({ method: 'totp', ticket: second, code })).body.code).toBe('auth.wrong-code')
    })

    test('codes sent twice at once let in once', async () => {
      const { who, secret } = await withTotp()
      const tickets = await Promise.all([begin(who.email), begin(who.email)])
      const code = nextCode(secret)
      const replies = await Promise.all(
        tickets.map(({ body: { ticket } }) => verify({ method: 'totp', ticket, code })),
      )
      expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 422])
    })

    test('a code of two steps ago or ahead is none; one step is', async () => {
      const { who, secret } = await withTotp()
      opened.passTime(5 * minute)
      const early = codeOf(secret)
      opened.passTime(61_000)
      const late = new TOTP({ secret: Secret.fromBase32(secret) }).generate({
        timestamp: opened.platform.clock.now() + 61_000,
      })
      const { ticket } = (await begin(who.email)).body
      for (const code of [early, late])
        expect((await verify({ method: 'totp', ticket, code })).body.code).toBe('auth.wrong-code')
      const near = new TOTP({ secret: Secret.fromBase32(secret) }).generate({
        timestamp: opened.platform.clock.now() - 29_000,
      })
      expect((await verify({ method: 'totp', ticket, code: near })).status).toBe(200)
    })

    test('the secret lies encrypted, and leaves the server when it is made alone', async () => {
      const { who, secret } = await withTotp()
      const rows = await opened.platform.db.read.dynamic<FactorTables, { secret: string }>((k) =>
        k.selectFrom('user_totp').select('secret').where('user_id', '=', who.id),
      )
      expect(rows[0]?.secret).toMatch(/^v1\./)
      expect(rows[0]?.secret).not.toContain(secret)
      expect((await people.call(who, 'GET', '/auth/me/factors')).text).not.toContain(secret)
    })
  })

  test('recovery codes stand in once each; new ones end the old', async () => {
    const { who, secret, codes } = await withTotp()
    expect(codes).toHaveLength(10)
    const use = async (code: string) => {
      const { ticket } = (await begin(who.email)).body
      return verify({ method: 'recovery-code', ticket, code })
    }
    expect((await use(codes[3]!.toUpperCase().replace('-', ''))).status).toBe(200)
    expect((await use(codes[3]!)).body.code).toBe('auth.wrong-code')
    const { ticket } = (await begin(who.email)).body
    const entered = await verify({ method: 'totp', ticket, code: nextCode(secret) })
    const as = { token: entered.body.accessToken! }
    const made = await post<{ recoveryCodes: string[] }>(as, '/auth/me/factors/recovery-codes')
    expect(made.body.recoveryCodes).toHaveLength(10)
    expect((await use(codes[4]!)).body.code).toBe('auth.wrong-code')
    expect((await use(made.body.recoveryCodes[0]!)).status).toBe(200)
    expect(await auditActions(opened)).toContain('factor.recovery-code-used')
  })

  test('tries are counted by ticket and by person, over tickets', async () => {
    const { who, secret } = await withTotp()
    const codes: string[] = []
    for (let guess = 0; guess < 8; guess += 1) {
      const { ticket } = (await begin(who.email)).body
      codes.push((await verify({ method: 'totp', ticket, code: '123456' })).body.code)
    }
    expect(codes.slice(0, 6)).toEqual(Array(6).fill('auth.wrong-code'))
    expect(codes.slice(6)).toEqual(['auth.throttled', 'auth.throttled'])
    opened.passTime(20 * minute)
    const { ticket } = (await begin(who.email)).body
    expect((await verify({ method: 'totp', ticket, code: nextCode(secret) })).status).toBe(200)
  })

  test('a ticket ends after ten minutes, with another password, and with the account', async () => {
    const { who, secret } = await withTotp()
    const old = (await begin(who.email)).body.ticket
    opened.passTime(10 * minute + 1)
    const code = codeOf(secret)
    expect((await verify({ method: 'totp', ticket: old, code })).body.code).toBe('auth.ticket-unknown')
    const open = (await begin(who.email)).body.ticket
    const other = { current: password, password: `${password} new` }
    expect((await post(who, '/auth/me/password', other)).status).toBe(204)
    expect((await verify({ method: 'totp', ticket: open, code })).body.code).toBe('auth.ticket-unknown')
    const last = (await begin(who.email, other.password)).body.ticket
    await updateUser(opened.system, who.id, { version: await versionOf(who.id), disabled: true })
    expect((await verify({ method: 'totp', ticket: last, code: nextCode(secret) })).body.code).toBe(
      'auth.ticket-unknown',
    )
  })

  test('a ticket is no access token, and a token no ticket', async () => {
    const { who } = await withTotp()
    const { ticket } = (await begin(who.email)).body
    for (const token of [ticket, `${ticket}.${ticket}.${ticket}`])
      expect((await people.call<Problem>({ token }, 'GET', '/auth/me')).body.code).toBe(
        'auth.unauthenticated',
      )
    const as = await people.someone('member')
    expect((await verify({ method: 'totp', ticket: as.token.slice(0, 180), code: '123456' })).body.code).toBe(
      'auth.ticket-unknown',
    )
    // One that was made for something else neither.
    const begun = await post<Begun>(as, '/auth/me/factors/totp/begin')
    expect(
      (await verify({ method: 'totp', ticket: begun.body.ticket, code: codeOf(begun.body.secret) })).body
        .code,
    ).toBe('auth.ticket-unknown')
    const other = await people.someone('member')
    const stolen = { ticket: begun.body.ticket, code: codeOf(begun.body.secret) }
    expect((await post(other, '/auth/me/factors/totp', stolen)).body.code).toBe('auth.ticket-unknown')
  })

  describe('a passkey', () => {
    const begunAlone = async () => (await post<Begun>(null, '/auth/sign-in/passkey')).body
    const useAlone = async (device: ReturnType<typeof softAuthenticator>, changed: Partial<Gesture> = {}) => {
      const { ticket, options } = await begunAlone()
      const response = device.use({ ...rp, challenge: options.challenge, ...changed })
      return verify({ method: 'passkey', ticket, response })
    }

    test('opens the account alone, where the device knows its holder', async () => {
      const { who, device } = await withPasskey()
      const { options } = await begunAlone()
      expect(options.userVerification).toBe('required')
      expect(options.allowCredentials ?? []).toEqual([])
      const entered = await useAlone(device)
      expect(entered.body).toMatchObject({ user: { id: who.id } })
      expect(entered.cookie).toBeTruthy()
      expect((await useAlone(device, { verified: false })).body.code).toBe('auth.passkey-refused')
    })

    test('serves as second factor, with or without that', async () => {
      const { who, device } = await withPasskey()
      const step = (await begin(who.email)).body
      expect(step.methods).toEqual(['passkey', 'recovery-code'])
      const { ticket } = step
      const prepared = await post<Begun>(null, '/auth/sign-in/prepare', { ticket, method: 'passkey' })
      const { challenge } = prepared.body.options
      const response = device.use({ ...rp, challenge, verified: false })
      expect((await verify({ method: 'passkey', ticket, response })).status).toBe(200)
    })

    test('for another address, another challenge, by another device or twice is refused', async () => {
      const { who, device } = await withPasskey()
      for (const changed of [
        { rpId: 'evil.example' },
        { origin: 'http://evil.example' },
        { origin: 'http://localhost:4601' },
        { challenge: Buffer.alloc(32).toString('base64url') },
      ])
        expect((await useAlone(device, changed)).body.code).toBe('auth.passkey-refused')
      expect((await useAlone(softAuthenticator())).body.code).toBe('auth.passkey-refused')
      const { ticket, options } = await begunAlone()
      const response = device.use({ ...rp, challenge: options.challenge })
      expect((await verify({ method: 'passkey', ticket, response })).status).toBe(200)
      expect((await verify({ method: 'passkey', ticket, response })).body.code).toBe('auth.ticket-unknown')
      const later = (await begunAlone()).ticket
      expect((await verify({ method: 'passkey', ticket: later, response })).body.code).toBe(
        'auth.passkey-refused',
      )
      // Somebody else's passkey is no second factor for this one.
      const stranger = await withPasskey()
      const step = (await begin(who.email)).body.ticket
      const prepared = await post<Begun>(null, '/auth/sign-in/prepare', { ticket: step, method: 'passkey' })
      const foreign = stranger.device.use({ ...rp, challenge: prepared.body.options.challenge })
      expect((await verify({ method: 'passkey', ticket: step, response: foreign })).body.code).toBe(
        'auth.passkey-refused',
      )
    })

    test('that counts must count on: a copy is found out', async () => {
      const { device } = await withPasskey()
      expect((await useAlone(device, { counter: 5 })).status).toBe(200)
      for (const counter of [5, 4]) expect((await useAlone(device, { counter })).status).toBe(422)
      expect((await useAlone(device, { counter: 6 })).status).toBe(200)
    })

    test('nonsense in its place is refused in words', async () => {
      for (const response of [{}, { id: 'x' }, { id: 5, response: { clientDataJSON: '%%%' } }]) {
        const { ticket } = await begunAlone()
        expect((await verify({ method: 'passkey', ticket, response })).body.code).toBe('auth.passkey-refused')
      }
    })

    test("of one's own has a name; another's cannot be touched", async () => {
      const { who, id } = await withPasskey()
      const other = await people.someone('administrator')
      const renamed = await people.call(who, 'PATCH', `/auth/me/factors/passkeys/${id}`, { name: 'Phone' })
      expect(renamed.body).toMatchObject({ name: 'Phone' })
      for (const method of ['PATCH', 'DELETE'] as const) {
        const body = method === 'PATCH' ? { name: 'x' } : undefined
        const reply = await people.call<Problem>(other, method, `/auth/me/factors/passkeys/${id}`, body)
        expect(reply.body.code).toBe('auth.factor-not-found')
      }
      expect((await people.call(who, 'DELETE', `/auth/me/factors/passkeys/${id}`)).status).toBe(204)
      expect((await begin(who.email)).body.accessToken).toBeTruthy()
      expect((await people.call<object>(who, 'GET', '/auth/me/factors')).body).toMatchObject({
        passkeys: [],
        recoveryCodes: null,
      })
    })

    test('belongs to the address of the instance alone', async () => {
      const reply = await people.app.inject({
        method: 'POST',
        url: '/api/v1/auth/sign-in/passkey',
        headers: { host: '127.0.0.1:4600', origin: 'http://127.0.0.1:4600' },
      })
      expect(reply.json()).toMatchObject({
        code: 'auth.passkeys-elsewhere',
        params: { address: 'http://localhost:4600' },
      })
    })
  })

  test('what changes how one signs in asks for a recent proof', async () => {
    const { who, secret } = await withTotp()
    const { ticket } = (await begin(who.email)).body
    const entered = await verify({ method: 'totp', ticket, code: nextCode(secret) })
    const as = { token: entered.body.accessToken! }
    opened.passTime(10 * minute + 1)
    const asks: [method: 'POST' | 'DELETE', url: string, body?: object][] = [
      ['POST', '/auth/me/factors/totp/begin', {}],
      ['DELETE', '/auth/me/factors/totp'],
      ['POST', '/auth/me/factors/passkeys/begin', {}],
      ['POST', '/auth/me/factors/recovery-codes', {}],
    ]
    for (const [method, url, body] of asks)
      expect((await people.call<Problem>(as, method, url, body)).body.code).toBe('auth.proof-needed')
    expect((await post(as, '/auth/me/proof', { method: 'password', password: 'wrong' })).body.code).toBe(
      'auth.wrong-password',
    )
    expect((await post(as, '/auth/me/proof', { method: 'totp', code: '000000' })).body.code).toBe(
      'auth.wrong-code',
    )
    expect((await post(as, '/auth/me/proof', { method: 'password', password })).status).toBe(204)
    expect((await post(as, '/auth/me/factors/recovery-codes')).status).toBe(200)
    // Another session of the same person has proved nothing by that.
    const { body } = await post<{ key: string }>(as, '/keys', { name: 'key' })
    expect((await post({ token: body.key }, '/auth/me/factors/recovery-codes')).body.code).toBe(
      'auth.session-needed',
    )
  })

  test('a role that requires a factor has it set up before a session is opened', async () => {
    const who = await people.someone('viewer')
    const before = await post<Step>(null, '/auth/sign-in', { email: who.email, password })
    const cookie = { cookie: `anneal_${opened.platform.instanceId}_refresh=${before.cookie}` }
    await setRequired('viewer', true)
    try {
      // A session from before ends at its next refresh.
      const refreshed = await people.app.inject({
        method: 'POST',
        url: '/api/v1/auth/refresh',
        headers: { host: 'localhost', ...cookie },
      })
      expect(refreshed.json()).toMatchObject({ code: 'auth.factor-needed', status: 401 })
      const step = await begin(who.email)
      expect(step.body).toMatchObject({ next: 'enrol', methods: ['totp', 'passkey'] })
      const { ticket } = step.body
      const prepare = () =>
        post<Begun>(null, '/auth/sign-in/prepare', { ticket, method: 'totp' }).then(({ body }) => body.secret)
      const secret = await prepare()
      expect(await prepare()).toBe(secret)
      const entered = await verify({ method: 'totp', ticket, code: codeOf(secret) })
      expect(entered.body.recoveryCodes).toHaveLength(10)
      const as = { token: entered.body.accessToken! }
      expect((await people.call<Problem>(as, 'DELETE', '/auth/me/factors/totp')).body.code).toBe(
        'auth.factor-required',
      )
      expect((await begin(who.email)).body).toMatchObject({ next: 'second-factor' })

      // By a passkey it is set up too.
      const other = (await people.someone('viewer')).email
      const second = (await begin(other)).body.ticket
      const prepared = await post<Begun>(null, '/auth/sign-in/prepare', { ticket: second, method: 'passkey' })
      const response = softAuthenticator().register({ ...rp, challenge: prepared.body.options.challenge })
      const made = await verify({ method: 'passkey', ticket: second, response, name: 'Key' })
      expect(made.body.accessToken).toBeTruthy()
    } finally {
      await setRequired('viewer', false)
    }
  })

  test('eight characters do for whoever needs a factor; without that, a longer password is asked for', async () => {
    const short = 'kV9#pQ2m'
    const admin = await people.someone('administrator')
    const make = (role: string, given: string) =>
      people.call<Problem & { id: string }>(admin, 'POST', '/users', {
        email: `short-${role}@example.com`,
        role,
        password: given,
      })
    expect((await make('viewer', short)).body.code).toBe('auth.password-too-short')
    await setRequired('viewer', true)
    try {
      expect((await make('viewer', short)).status).toBe(201)
      expect((await make('viewer', short.slice(1))).status).toBe(422)
      expect((await begin('short-viewer@example.com', short)).body.next).toBe('enrol')
    } finally {
      await setRequired('viewer', false)
    }
    const step = (await begin('short-viewer@example.com', short)).body
    expect(step).toMatchObject({ next: 'new-password', methods: ['new-password'] })
    const give = (given: string) => verify({ method: 'new-password', ticket: step.ticket, password: given })
    expect((await give('another 8')).body.code).toBe('auth.password-too-short')
    expect((await give('four words and more')).body.accessToken).toBeTruthy()
    expect((await begin('short-viewer@example.com', short)).status).toBe(401)
  })

  test('an administrator removes the factors of whoever has lost them; sessions end', async () => {
    const { who } = await withTotp()
    const admin = await people.someone('administrator')
    const manager = await people.someone('manager')
    const remove = (as: { token: string }, id = who.id) =>
      people.call<Problem & { removed: number }>(as, 'DELETE', `/users/${id}/factors`)
    expect((await remove(manager)).status).toBe(403)
    expect((await remove(admin)).body).toMatchObject({ removed: 1 })
    expect((await people.call<Problem>(who, 'GET', '/auth/me')).body.code).toBe('auth.session-ended')
    expect((await begin(who.email)).body.accessToken).toBeTruthy()
    expect(await auditActions(opened)).toContain('user.factors-removed')
    opened.passTime(10 * minute + 1)
    expect((await remove(admin)).body.code).toBe('auth.proof-needed')
    expect((await remove(await again(admin), admin.id)).status).toBe(200)
  })

  test('whether an account has a factor shows in no word before the password is right', async () => {
    const { who } = await withTotp()
    const plain = await people.someone('member')
    const replies = []
    for (const email of [who.email, plain.email, 'nobody@example.com']) {
      const { status, body } = await begin(email, 'not the password')
      replies.push({ status, body: { ...body, requestId: '' } })
    }
    expect(replies[1]).toEqual(replies[0])
    expect(replies[2]).toEqual(replies[0])
  })
})
