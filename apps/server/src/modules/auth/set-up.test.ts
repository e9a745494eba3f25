import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { authenticate } from './authenticate.ts'
import type { AuthPlatform } from './auth.testing.ts'
import { auditActions, openAuthPlatform, password, requestOf, testDialects } from './auth.testing.ts'
import { createUser } from './create-user.ts'
import { ensureFirstAdministrator, setUpLink } from './first-administrator.ts'
import { listUsers } from './list-users.ts'
import { linkLifetime, setUp, setUpState } from './set-up.ts'

const device = { userAgent: null }

describe.each(testDialects)('the first administrator on %s', (dialect) => {
  let opened: AuthPlatform
  beforeEach(async () => void (opened = await openAuthPlatform(dialect)))
  afterEach(() => opened.close())

  async function newToken(): Promise<string> {
    const link = await setUpLink(opened.platform)
    const [, token = ''] = /\/set-up#([\w-]{43})$/.exec(link ?? '') ?? []
    return token
  }
  const claim = (token: string, email = 'root@example.com') =>
    setUp(requestOf(opened), { token, email, name: 'Root', password }, device)

  test('is made by the link, signed in, and then there is no link any more', async () => {
    expect(await setUpState(opened.platform)).toEqual({ waiting: true })
    const token = await newToken()
    const { reply } = await claim(token)
    expect(reply.user).toMatchObject({ role: 'administrator', workspace: 'root', email: 'root@example.com' })
    expect(await authenticate(opened.platform, `Bearer ${reply.accessToken}`)).toMatchObject({
      role: 'administrator',
    })
    expect(await setUpState(opened.platform)).toEqual({ waiting: false })
    expect(await setUpLink(opened.platform)).toBeNull()
    await expect(claim(token)).rejects.toMatchObject({ code: 'auth.already-set-up' })
    expect(await auditActions(opened)).toEqual(expect.arrayContaining(['user.created', 'session.started']))
  })

  test('two tabs with one link: one wins, the other is told', async () => {
    const token = await newToken()
    const both = await Promise.allSettled([claim(token, 'a@example.com'), claim(token, 'b@example.com')])
    expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const lost = both.find((one) => one.status === 'rejected')
    expect(lost?.reason).toMatchObject({ code: 'auth.already-set-up' })
    expect((await listUsers(opened.system, { limit: 10 })).items).toHaveLength(1)
  })

  test('a new start makes the old link worthless; a link ends after a day', async () => {
    const old = await newToken()
    const token = await newToken()
    const expired = { code: 'auth.link-expired' }
    await expect(claim(old)).rejects.toMatchObject(expired)
    await expect(claim('x'.repeat(43))).rejects.toMatchObject(expired)
    opened.passTime(linkLifetime + 1)
    await expect(claim(token)).rejects.toMatchObject(expired)
  })

  test('a weak password leaves the link good', async () => {
    const token = await newToken()
    const weak = { token, email: 'root@example.com', name: 'Root', password: 'passwordpassword' }
    await expect(setUp(requestOf(opened), weak, device)).rejects.toMatchObject({
      code: 'auth.password-common',
    })
    await claim(token)
  })

  test('unattended, once', async () => {
    const unattended = opened.withConfig({ adminEmail: 'Root@Example.com', adminPassword: password })
    await ensureFirstAdministrator(unattended)
    await ensureFirstAdministrator(unattended)
    const { items } = await listUsers(opened.system, { limit: 10 })
    expect(items).toMatchObject([{ email: 'Root@Example.com', role: 'administrator' }])
  })

  test('unattended, by two servers at once', async () => {
    const unattended = opened.withConfig({ adminEmail: 'root@example.com', adminPassword: password })
    await Promise.all([ensureFirstAdministrator(unattended), ensureFirstAdministrator(unattended)])
    expect((await listUsers(opened.system, { limit: 10 })).items).toHaveLength(1)
  })

  test.each([
    [{ adminEmail: 'root@example.com', adminPassword: null }, /ANNEAL_ADMIN_PASSWORD is missing/],
    [{ adminEmail: 'root@example.com', adminPassword: 'short' }, /ANNEAL_ADMIN_PASSWORD needs at least 15/],
    [{ adminEmail: 'root', adminPassword: password }, /ANNEAL_ADMIN_EMAIL/],
  ])('a bad unattended one stops the start: %j', async (config, message) => {
    await expect(ensureFirstAdministrator(opened.withConfig(config))).rejects.toThrow(message)
  })
})

describe.each(testDialects)('users on %s', (dialect) => {
  let opened: AuthPlatform
  beforeEach(async () => void (opened = await openAuthPlatform(dialect)))
  afterEach(() => opened.close())
  const make = (email: string) => createUser(opened.system, { email, role: 'member', password })

  test('an address is taken whatever its case', async () => {
    await make('lin@example.com')
    await expect(make('LIN@Example.com')).rejects.toMatchObject({ code: 'auth.email-taken' })
  })

  test('of many at once with one address one is made', async () => {
    const all = await Promise.allSettled(Array.from({ length: 5 }, () => make('lin@example.com')))
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    for (const one of all)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'auth.email-taken' })
  })

  test('workspace names are unique whatever the case, also of many made at once', async () => {
    const addresses = ['Lin@a.com', 'lin@b.com', 'LIN@c.com', 'lin@d.com']
    const users = await Promise.all(addresses.map(make))
    expect(new Set(users.map((user) => user.workspace.toLowerCase())).size).toBe(4)
  })
})
