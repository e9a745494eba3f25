import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../../../tests/support/until.ts'
import type { AuditRow } from '../../platform/audit/index.ts'
import type { AuthTables } from './auth.tables.ts'
import type { AuthPlatform } from './auth.testing.ts'
import { auditActions, openAuthPlatform, password, testDialects } from './auth.testing.ts'
import { linkLasts } from './one-time-links.ts'
import type { People, Someone } from './users.testing.ts'
import { changesOf, peopleHttp } from './users.testing.ts'

const another = 'six green birds and a door'
interface Invited {
  id: string
  email: string
  link: string
  expiresAt: string
}

let made = 0
const newEmail = () => `new${(made += 1)}@example.com`

describe.each(testDialects)('one-time links on %s', (dialect) => {
  let opened: AuthPlatform
  let people: People
  let root: Someone
  beforeAll(async () => {
    opened = await openAuthPlatform(dialect)
    people = await peopleHttp(opened)
    root = await people.someone('administrator')
  })
  afterAll(async () => {
    await people.app.close()
    await opened.close()
  })

  const tokenOf = ({ link }: { link: string }) => new URL(link).hash.slice(1)
  async function invite(email = newEmail(), role = 'member'): Promise<Invited> {
    const { status, body } = await people.call<Invited>(root, 'POST', '/invitations', { email, role })
    expect(status).toBe(201)
    return body
  }
  const read = (token: string) => people.call(null, 'POST', '/auth/links/read', { token })
  const accept = (token: string, given: object = {}) =>
    people.call<{ accessToken: string; user: { id: string }; code: string }>(
      null,
      'POST',
      '/auth/links/accept',
      {
        token,
        name: 'Mira',
        password,
        ...given,
      },
    )
  const open = async () =>
    (await people.call<{ items: Invited[] }>(root, 'GET', '/invitations?limit=200')).body.items

  describe('an invitation', () => {
    test('makes an account with its role, signs in, and is gone from the list', async () => {
      const email = newEmail()
      const invited = await invite(email, 'manager')
      expect(invited.link).toMatch(/^http:\/\/localhost:4600\/invite#[\w-]{43}$/)
      expect((await read(tokenOf(invited))).body).toMatchObject({
        purpose: 'invitation',
        email,
        role: 'manager',
      })
      const accepted = await accept(tokenOf(invited), { language: 'zh' })
      expect(accepted).toMatchObject({
        status: 200,
        body: { user: { email, role: 'manager', language: 'zh' } },
      })
      expect(accepted.cookie).toBeTruthy()
      const me = await people.call({ token: accepted.body.accessToken }, 'GET', '/auth/me')
      expect(me.body).toMatchObject({ email, name: 'Mira' })
      expect((await open()).map(({ id }) => id)).not.toContain(invited.id)
      expect(await people.signIn(email)).toBeTruthy()
    })

    test('is used once: the second is told so, in sequence and at the same moment', async () => {
      const token = tokenOf(await invite())
      const both = await Promise.all([accept(token), accept(token, { name: 'Twin' })])
      expect(both.map(({ status }) => status).toSorted()).toEqual([200, 410])
      expect(both.find(({ status }) => status === 410)?.body.code).toBe('auth.link-used')
      expect((await accept(token)).body.code).toBe('auth.link-used')
      expect((await read(token)).body).toMatchObject({ code: 'auth.link-used' })
    })

    test('renewed, its old link is unknown; withdrawn, the new one says so', async () => {
      const changes = changesOf(opened, 'invitation')
      const invited = await invite()
      const renewed = await people.call<Invited>(root, 'POST', `/invitations/${invited.id}/renew`)
      expect(renewed.status).toBe(200)
      expect((await accept(tokenOf(invited))).body.code).toBe('auth.link-unknown')
      expect((await read(tokenOf(renewed.body))).status).toBe(200)
      expect((await people.call(root, 'DELETE', `/invitations/${invited.id}`)).status).toBe(204)
      expect((await accept(tokenOf(renewed.body))).body.code).toBe('auth.link-withdrawn')
      for (const [method, rest] of [
        ['DELETE', ''],
        ['POST', '/renew'],
      ] as const)
        expect((await people.call(root, method, `/invitations/${invited.id}${rest}`)).body).toMatchObject({
          code: 'auth.invitation-not-found',
        })
      /* The last changes of the test before may still be on their way. */
      const own = () => changes.filter((change) => change.startsWith(invited.id))
      await until(() => own().length >= 3)
      expect(own()).toEqual(['created', 'updated', 'deleted'].map((what) => `${invited.id} ${what}`))
    })

    test('ends after seven days, and lives again when renewed', async () => {
      const invited = await invite()
      opened.passTime(linkLasts.invitation + 1)
      root.token = await people.signIn(root.email)
      expect((await accept(tokenOf(invited))).body.code).toBe('auth.link-too-old')
      expect((await open()).map(({ id }) => id)).toContain(invited.id)
      const renewed = await people.call<Invited>(root, 'POST', `/invitations/${invited.id}/renew`)
      expect((await accept(tokenOf(renewed.body))).status).toBe(200)
    })

    test('one for an address at a time, and none for who is here already; whatever the case', async () => {
      const email = newEmail()
      const bodies = Array.from({ length: 4 }, (_, at) => ({
        email: at % 2 ? email.toUpperCase() : email,
        role: 'viewer',
      }))
      const all = await Promise.all(bodies.map((body) => people.call(root, 'POST', '/invitations', body)))
      expect(all.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409])
      for (const { status, body } of all)
        if (status === 409) expect(body).toMatchObject({ code: 'auth.already-invited' })
      const here = await people.call(root, 'POST', '/invitations', {
        email: root.email.toUpperCase(),
        role: 'viewer',
      })
      expect(here.body).toMatchObject({ code: 'auth.email-taken' })
    })

    test('a weak password and a name of blanks leave the link good', async () => {
      const invited = await invite()
      const token = tokenOf(invited)
      expect((await accept(token, { password: 'short' })).status).toBe(422)
      expect((await accept(token, { password: 'passwordpassword' })).body.code).toBe('auth.password-common')
      expect((await accept(token, { name: '  ' })).status).toBe(422)
      expect((await accept(token)).status).toBe(200)
    })

    test('an address that was taken meanwhile is said, and nobody is signed in', async () => {
      const invited = await invite()
      await people.call(root, 'POST', '/users', { email: invited.email, role: 'viewer', password })
      const refused = await accept(tokenOf(invited))
      expect([refused.body.code, refused.cookie]).toEqual(['auth.email-taken', undefined])
    })

    test.each(['', 'x', 'x'.repeat(43), 'y'.repeat(201)])(
      'a secret of nonsense is no link: %s',
      async (token) => {
        expect([404, 422]).toContain((await accept(token)).status)
        expect([404, 422]).toContain((await read(token)).status)
      },
    )
  })

  describe('a new password', () => {
    const resetLink = (id: string) =>
      people.call<{ link: string; code: string }>(root, 'POST', `/users/${id}/reset-link`)
    const reset = (token: string, given = another) =>
      people.call<{ accessToken: string; code: string }>(null, 'POST', '/auth/links/password', {
        token,
        password: given,
      })

    test('by a link of an administrator: every session ends, the old password too', async () => {
      const who = await people.someone('member')
      const { status, body } = await resetLink(who.id)
      expect(status).toBe(201)
      expect(body.link).toMatch(/\/reset-password#[\w-]{43}$/)
      const done = await reset(tokenOf(body))
      expect(done.status).toBe(200)
      expect((await people.call(who, 'GET', '/auth/me')).status).toBe(401)
      const me = await people.call({ token: done.body.accessToken }, 'GET', '/auth/me')
      expect(me.body).toMatchObject({ email: who.email })
      const old = await people.call(null, 'POST', '/auth/sign-in', { email: who.email, password })
      expect(old.status).toBe(401)
      expect(await people.signIn(who.email, another)).toBeTruthy()
      expect((await reset(tokenOf(body))).body.code).toBe('auth.link-used')
    })

    test('a newer link ends the older, a disabled account gets none and uses none', async () => {
      const who = await people.someone('member')
      const older = (await resetLink(who.id)).body
      const newer = (await resetLink(who.id)).body
      expect((await reset(tokenOf(older))).body.code).toBe('auth.link-withdrawn')
      await people.call(root, 'PATCH', `/users/${who.id}`, { version: 1, disabled: true })
      expect((await reset(tokenOf(newer))).body.code).toBe('auth.link-withdrawn')
      expect((await resetLink(who.id)).body.code).toBe('auth.account-disabled')
    })

    test('a key makes no link, account or role, for its owner or another, and is told why', async () => {
      const owner = await people.someone('administrator')
      const other = await people.someone('member')
      const invited = await invite()
      const scopes = ['api:read', 'api:write']
      const made = await people.call<{ key: string }>(owner, 'POST', '/keys', { name: 'script', scopes })
      const key = { token: made.body.key }
      const refused = [
        await people.call(key, 'POST', `/users/${owner.id}/reset-link`),
        await people.call(key, 'POST', `/users/${other.id}/reset-link`),
        await people.call(key, 'PATCH', `/users/${owner.id}`, { version: 1, role: 'viewer' }),
        await people.call(key, 'PATCH', `/users/${other.id}`, { version: 1, role: 'administrator' }),
        await people.call(key, 'POST', '/invitations', { email: newEmail(), role: 'viewer' }),
        await people.call(key, 'POST', `/invitations/${invited.id}/renew`),
        await people.call(key, 'POST', '/users', { email: newEmail(), role: 'viewer', password }),
      ]
      for (const { status, body } of refused)
        expect([status, (body as { code: string }).code]).toEqual([403, 'auth.session-needed'])
      expect((await read(tokenOf(invited))).status).toBe(200)
      expect((await people.call(root, 'GET', `/users/${other.id}`)).body).toMatchObject({ role: 'member' })
      const renamed = await people.call(key, 'PATCH', `/users/${other.id}`, { version: 1, name: 'Renamed' })
      expect(renamed.status).toBe(200)
    })

    test('links made at once for one user: one of them works', async () => {
      const who = await people.someone('viewer')
      const all = await Promise.all(Array.from({ length: 3 }, () => resetLink(who.id)))
      expect(all.map(({ status }) => status)).toEqual([201, 201, 201])
      const good = await Promise.all(all.map(({ body }) => read(tokenOf(body))))
      expect(good.map(({ status }) => status).toSorted()).toEqual([200, 410, 410])
    })

    test('an invitation sets no password, and a password link makes no account', async () => {
      const who = await people.someone('viewer')
      expect((await reset(tokenOf(await invite()))).body.code).toBe('auth.link-unknown')
      expect((await accept(tokenOf((await resetLink(who.id)).body))).body.code).toBe('auth.link-unknown')
    })

    test('ends after a day', async () => {
      const who = await people.someone('viewer')
      const { body } = await resetLink(who.id)
      opened.passTime(linkLasts.password + 1)
      root.token = await people.signIn(root.email)
      expect((await reset(tokenOf(body))).body.code).toBe('auth.link-too-old')
    })
  })

  test('no secret is in the tables or the audit, and every step is there by name', async () => {
    const invited = await invite()
    await accept(tokenOf(invited))
    const { db } = opened.platform
    const links = await db.read.dynamic<AuthTables, object>((k) => k.selectFrom('one_time_link').selectAll())
    const audit = await db.read.dynamic<{ audit_event: AuditRow }, object>((k) =>
      k.selectFrom('audit_event').selectAll(),
    )
    expect(JSON.stringify([links, audit])).not.toContain(tokenOf(invited))
    expect(await auditActions(opened)).toEqual(
      expect.arrayContaining([
        'invitation.created',
        'invitation.renewed',
        'invitation.withdrawn',
        'invitation.accepted',
        'user.reset-link-created',
        'user.password-reset',
      ]),
    )
  })
})
