import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { RouteInput, RouteReply } from '@anneal/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSecrets } from '../../apps/server/src/platform/secrets/secrets.ts'
import type { Client } from '../support/client.ts'
import { oidcClient, OidcServer, Wanderer } from '../support/oidc-provider.ts'
import { admin, startServer, type TestServer } from '../support/server.ts'

type Provider = RouteReply<'identity.createProvider'>

let server: TestServer
let root: Client
let oidc: OidcServer
let provider: Provider
let other: Provider
let count = 0

const newLogin = () => `person${(count += 1)}`
const startOf = (one: Provider, to = '/') =>
  `${server.baseUrl}/api/v1/auth/oidc/${one.id}/start?to=${encodeURIComponent(to)}`
const isCallback = (url: URL) => url.pathname.endsWith('/callback')
const problemOf = (url: URL) => url.searchParams.get('problem')

/** Someone at the provider whose address is confirmed there, unless said otherwise. */
function known(claims: Record<string, unknown> = {}): { login: string; email: string } {
  const login = newLogin()
  const email = `${login}@company.test`
  oidc.accounts[login] = { email, email_verified: true, name: `Name of ${login}`, groups: [], ...claims }
  return { login, email: String(oidc.accounts[login]['email']) }
}

/** Signs in there and comes back: the callback's address, not yet visited. */
async function outAndBack(login: string, browser = new Wanderer(), one = provider, to = '/') {
  return { browser, back: await browser.follow(startOf(one, to), isCallback, login) }
}

/** Where the callback leads to. */
async function comeBack(browser: Wanderer, back: URL): Promise<URL> {
  const response = await browser.visit(back)
  expect(response.status).toBe(302)
  return new URL(response.headers.get('location')!)
}

async function signIn(login: string, one = provider): Promise<{ landed: URL; browser: Wanderer }> {
  const { browser, back } = await outAndBack(login, new Wanderer(), one)
  return { landed: await comeBack(browser, back), browser }
}

/** Who a browser is signed in as; null where nobody. */
async function whoIs(browser: Wanderer) {
  const url = new URL('/api/v1/auth/refresh', server.baseUrl)
  const reply = await fetch(url, { method: 'POST', headers: { cookie: browser.header(url) } })
  return reply.ok
    ? ((await reply.json()) as RouteReply<'auth.refresh'> & { user: { email: string } }).user
    : null
}

async function change(body: Omit<RouteInput<'identity.updateProvider'>['body'], 'version'>): Promise<void> {
  const { items } = await root.call('identity.listProviders')
  const { version } = items.find(({ id }) => id === provider.id)!
  provider = await root.call('identity.updateProvider', {
    params: { id: provider.id },
    body: { version, ...body },
  })
}

const userOf = async (email: string) =>
  (await root.call('auth.listUsers', { query: { search: email } })).items.find((one) => one.email === email)

beforeAll(async () => {
  server = await startServer()
  root = await server.adminClient()
  oidc = new OidcServer()
  await oidc.listen()
  const make = (name: string) =>
    root.call('identity.createProvider', {
      body: {
        name,
        issuer: oidc.issuer,
        clientId: oidcClient.id,
        clientSecret: oidcClient.secret,
        scopes: 'openid email profile groups',
        groupClaim: 'groups',
        createAccounts: true,
        defaultRole: 'member',
      },
    })
  provider = await make('Company')
  other = await make('Other')
  oidc.knowCallbacks([provider.callbackUrl, other.callbackUrl])
})
afterAll(async () => {
  await oidc?.close()
  await server?.close()
})

test('the sign-in page is told of the providers, and of no secret', async () => {
  const options = await server.client().call('identity.signInOptions')
  expect(options.providers).toContainEqual({ id: provider.id, name: 'Company', buttonText: '' })
  const { items } = await root.call('identity.listProviders')
  expect(JSON.stringify([options, items])).not.toContain(oidcClient.secret)
  expect(items.every(({ hasSecret }) => hasSecret)).toBe(true)
})

test('a provider is tested before anyone depends on it', async () => {
  const found = await root.call('identity.testProvider', { body: { issuer: oidc.issuer } })
  expect(found).toMatchObject({ issuer: oidc.issuer, warnings: ['plain-http'] })
  expect(found.keys).toBeGreaterThan(0)
  const unlike = oidc.issuer.replace('localhost', '127.0.0.1')
  for (const [issuer, code] of [
    [unlike, 'identity.issuer-unlike'],
    ['http://localhost:9', 'identity.issuer-unreachable'],
    [`${oidc.issuer}/nothing/there`, 'identity.issuer-unreachable'],
    ['http://169.254.169.254', 'platform.address-refused'],
    [server.baseUrl, 'platform.address-refused'],
  ] as const) {
    await expect(root.call('identity.testProvider', { body: { issuer } }), issuer).rejects.toMatchObject({
      code,
    })
  }
})

test('someone new gets an account with the default role, and is in', async () => {
  const { login, email } = known()
  const { browser, back } = await outAndBack(login, new Wanderer(), provider, '/models?q=1')
  const landed = await comeBack(browser, back)
  expect([landed.pathname, landed.searchParams.get('to'), problemOf(landed)]).toEqual([
    '/sign-in',
    '/models?q=1',
    null,
  ])
  expect(await whoIs(browser)).toMatchObject({ email, name: `Name of ${login}`, role: 'member' })
  const again = await signIn(login)
  expect(await whoIs(again.browser)).toMatchObject({ email })
  expect((await root.call('auth.listUsers', { query: { search: email } })).items).toHaveLength(1)
})

test('someone with an account is linked by a confirmed address, once', async () => {
  const { login, email } = known()
  const password = 'four blue kettles in the rain'
  await root.call('auth.createUser', { body: { email: email.toUpperCase(), role: 'viewer', password } })
  const { browser } = await signIn(login)
  expect(await whoIs(browser)).toMatchObject({ email: email.toUpperCase(), role: 'viewer' })
  // Another account there that has come to the same address is no key to this one.
  const second = known({ email })
  expect(problemOf((await signIn(second.login)).landed)).toBe('auth.oidc-linked-otherwise')
  // The first is known by subject now, whatever its address becomes.
  oidc.accounts[login]!['email'] = 'moved@elsewhere.test'
  expect(await whoIs((await signIn(login)).browser)).toMatchObject({ email: email.toUpperCase() })
})

test.each([
  ['said to be unconfirmed', { email_verified: false }],
  ['of which nothing is said', { email_verified: undefined }],
  ['that is absent', { email: undefined }],
])('an address %s neither links nor makes an account', async (_what, claims) => {
  const login = newLogin()
  oidc.accounts[login] = { email: admin.email, email_verified: true, name: 'Eve', ...claims }
  const { landed, browser } = await signIn(login)
  expect(problemOf(landed)).toBe('auth.oidc-mail-unverified')
  expect(await whoIs(browser)).toBeNull()
})

test('an answer with another state is refused', async () => {
  const { browser, back } = await outAndBack(known().login)
  back.searchParams.set('state', 'x'.repeat(43))
  expect(problemOf(await comeBack(browser, back))).toBe('auth.oidc-expired')
  expect(await whoIs(browser)).toBeNull()
})

/** Begins a sign-in, and lets the address of the provider be changed on the way there. */
async function meddle(login: string, how: (there: URL) => void): Promise<{ browser: Wanderer; back: URL }> {
  const browser = new Wanderer()
  const there = new URL((await browser.visit(startOf(provider))).headers.get('location')!)
  how(there)
  return { browser, back: await browser.follow(there, isCallback, login) }
}

test('a token for another nonce is refused', async () => {
  const { browser, back } = await meddle(known().login, (url) =>
    url.searchParams.set('nonce', 'y'.repeat(43)),
  )
  expect(problemOf(await comeBack(browser, back))).toBe('auth.oidc-not-trusted')
  expect(await whoIs(browser)).toBeNull()
})

test('a code that was asked for with another proof is refused', async () => {
  const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
  const { browser, back } = await meddle(known().login, (url) =>
    url.searchParams.set('code_challenge', challenge),
  )
  expect(problemOf(await comeBack(browser, back))).toBe('auth.oidc-failed')
  expect(await whoIs(browser)).toBeNull()
})

test('a code works once', async () => {
  const { browser, back } = await outAndBack(known().login)
  const thief = new Wanderer()
  for (const [key, value] of browser.cookies) thief.cookies.set(key, value)
  expect(problemOf(await comeBack(browser, back))).toBeNull()
  expect(problemOf(await comeBack(browser, back)), 'its cookie was used up').toBe('auth.oidc-expired')
  expect(problemOf(await comeBack(thief, back)), 'a kept cookie does not help').toBe('auth.oidc-failed')
  expect(await whoIs(thief)).toBeNull()
})

test('an answer without the cookie, or in another browser, signs nobody in', async () => {
  const { back } = await outAndBack(known().login)
  const stranger = new Wanderer()
  expect(problemOf(await comeBack(stranger, back))).toBe('auth.oidc-expired')
  await stranger.visit(startOf(provider))
  expect(problemOf(await comeBack(stranger, back)), 'with a sign-in of its own begun').toBe(
    'auth.oidc-expired',
  )
  expect(await whoIs(stranger)).toBeNull()
})

test('what one provider answers is not taken for the answer of another', async () => {
  const { browser, back } = await outAndBack(known().login)
  back.searchParams.set('iss', 'https://issuer.evil.test')
  expect(problemOf(await comeBack(browser, back))).toBe('auth.oidc-not-trusted')
  const second = await outAndBack(known().login)
  second.back.pathname = second.back.pathname.replace(provider.id, other.id)
  expect(problemOf(await comeBack(second.browser, second.back))).toBe('auth.oidc-expired')
  expect(await whoIs(second.browser)).toBeNull()
})

test('a cookie older than ten minutes, or made elsewhere, is none', async () => {
  const key = Buffer.from(readFileSync(path.join(server.dataFolder, 'master.key'), 'utf8').trim(), 'base64')
  const secrets = createSecrets(key)
  const { browser, back } = await outAndBack(known().login)
  const [name = ''] = [...browser.cookies.keys()].filter((one) => one.endsWith('_oidc'))
  const begun = JSON.parse(secrets.decrypt(decodeURIComponent(browser.cookies.get(name)!))) as { at: number }
  const old = secrets.encrypt(JSON.stringify({ ...begun, at: begun.at - 601_000 }))
  browser.cookies.set(name, encodeURIComponent(old))
  expect(problemOf(await comeBack(browser, back))).toBe('auth.oidc-expired')
  const second = await outAndBack(known().login)
  second.browser.cookies.set(name, encodeURIComponent(JSON.stringify(begun)))
  expect(problemOf(await comeBack(second.browser, second.back))).toBe('auth.oidc-expired')
})

test('its cookie is Lax, for this path, for ten minutes, and no script reads it', async () => {
  const response = await new Wanderer().visit(startOf(provider))
  const cookie = response.headers.getSetCookie().find((one) => /^anneal_\w+_oidc=/.test(one))
  expect(cookie).toMatch(/; Path=\/api\/v1\/auth\/oidc; Max-Age=600; HttpOnly; SameSite=Lax$/)
})

test('nothing leads from here to a foreign page', async () => {
  for (const to of [
    'https://evil.test',
    '//evil.test',
    '/\\evil.test',
    '/a\r\nLocation: https://evil.test',
  ]) {
    const { browser, back } = await outAndBack(known().login, new Wanderer(), provider, to)
    const landed = await comeBack(browser, back)
    expect([landed.origin, landed.searchParams.get('to')]).toEqual([server.baseUrl, null])
  }
})

test('the first line of the map that fits gives the role at each sign-in, and the rest the default', async () => {
  await change({
    roleMap: [
      { group: 'platform-team', role: 'manager' },
      { group: 'staff', role: 'member' },
    ],
    defaultRole: 'viewer',
  })
  const { login, email } = known({ groups: ['staff', 'platform-team'] })
  const { browser } = await signIn(login)
  expect(await whoIs(browser)).toMatchObject({ role: 'manager' })
  oidc.accounts[login]!['groups'] = ['staff']
  expect(await whoIs((await signIn(login)).browser)).toMatchObject({ role: 'member' })
  // A session from before is bound by it as well.
  expect(await whoIs(browser)).toMatchObject({ role: 'member' })
  oidc.accounts[login]!['groups'] = []
  await signIn(login)
  expect(await userOf(email)).toMatchObject({ role: 'viewer' })
  await change({ defaultRole: null })
  const refused = await signIn(login)
  expect(problemOf(refused.landed)).toBe('auth.oidc-no-role')
  expect(await whoIs(refused.browser)).toBeNull()
})

test('an own role is given like any other; one that was deleted counts as no line', async () => {
  const own = await root.call('auth.createRole', {
    body: { name: 'Labeller', permissions: ['datasets.write'] },
  })
  await change({ roleMap: [{ group: 'labels', role: own.id }], defaultRole: 'viewer' })
  const { login, email } = known({ groups: ['labels'] })
  await signIn(login)
  expect(await userOf(email)).toMatchObject({ role: own.id, roleName: 'Labeller' })
  await root.call('auth.deleteRole', { params: { id: own.id }, query: { version: 1, moveTo: 'member' } })
  await signIn(login)
  expect(await userOf(email)).toMatchObject({ role: 'viewer' })
})

test('groups never take the last administrator away', async () => {
  await change({ roleMap: [{ group: 'staff', role: 'member' }], defaultRole: 'viewer' })
  const login = newLogin()
  oidc.accounts[login] = { email: admin.email, email_verified: true, groups: ['staff'] }
  expect(await whoIs((await signIn(login)).browser)).toMatchObject({
    email: admin.email,
    role: 'administrator',
  })
  const { email } = known()
  const password = 'four blue kettles in the rain'
  const second = await root.call('auth.createUser', { body: { email, role: 'administrator', password } })
  const secondLogin = Object.keys(oidc.accounts).find((one) => oidc.accounts[one]!['email'] === email)!
  await signIn(secondLogin)
  expect(await userOf(email), 'with another administrator there').toMatchObject({
    id: second.id,
    role: 'viewer',
  })
  await change({ roleMap: [], defaultRole: 'member' })
})

test('who is disabled stays out, linked or not', async () => {
  const { login, email } = known()
  await signIn(login)
  const user = (await userOf(email))!
  await root.call('auth.updateUser', {
    params: { id: user.id },
    body: { version: user.version, disabled: true },
  })
  const { landed, browser } = await signIn(login)
  expect(problemOf(landed)).toBe('auth.oidc-disabled')
  expect(await whoIs(browser)).toBeNull()
})

test('accounts are made only where that is set, and of the domains that are', async () => {
  await change({ createAccounts: false })
  expect(problemOf((await signIn(known().login)).landed)).toBe('auth.oidc-no-account')
  await change({ createAccounts: true, mailDomains: ['company.test'] })
  expect(problemOf((await signIn(known({ email: 'x@sub.company.test' }).login)).landed)).toBe(
    'auth.oidc-mail-domain',
  )
  expect(problemOf((await signIn(known().login)).landed)).toBeNull()
  await change({ mailDomains: [] })
})

test('what was cancelled there is said so', async () => {
  const browser = new Wanderer()
  const there = new URL((await browser.visit(startOf(provider))).headers.get('location')!)
  const back = new URL(provider.callbackUrl)
  const state = there.searchParams.get('state')!
  back.search = String(new URLSearchParams({ error: 'access_denied', state, iss: oidc.issuer }))
  expect(problemOf(await comeBack(browser, back))).toBe('auth.oidc-denied')
})

test('only an administrator sets a provider up, and no key does', async () => {
  const own = await root.call('auth.createRole', {
    body: { name: 'Settings only', permissions: ['settings.manage', 'users.manage'] },
  })
  const password = 'four blue kettles in the rain'
  await root.call('auth.createUser', { body: { email: 'half@company.test', role: own.id, password } })
  const half = server.client()
  await half.signIn('half@company.test', password)
  const body = {
    name: 'Mine',
    issuer: oidc.issuer,
    clientId: 'mine',
    createAccounts: true,
    defaultRole: null,
  }
  await expect(
    half.call('identity.createProvider', { body: { ...body, enabled: true, mailDomains: [], roleMap: [] } }),
  ).rejects.toMatchObject({
    code: 'auth.role-too-high',
  })
  await expect(
    half.call('identity.updateProvider', {
      params: { id: provider.id },
      body: { version: provider.version, issuer: 'http://evil.test' },
    }),
  ).rejects.toMatchObject({ code: 'auth.role-too-high' })
  await expect(half.call('identity.deleteProvider', { params: { id: provider.id } })).rejects.toMatchObject({
    code: 'auth.role-too-high',
  })
  const { key } = await root.call('auth.createKey', { body: { name: 'script' } })
  const byKey = server.client()
  byKey.token = key
  await expect(
    byKey.call('identity.createProvider', { body: { ...body, enabled: true, mailDomains: [], roleMap: [] } }),
  ).rejects.toMatchObject({
    status: 403,
  })
})

test('a change that another overtook is told; another issuer ends the links; a removed provider is closed', async () => {
  const { login } = known()
  await signIn(login, other)
  await expect(
    root.call('identity.updateProvider', { params: { id: other.id }, body: { version: 99, name: 'X' } }),
  ).rejects.toMatchObject({ code: 'platform.stale-version' })
  const { items } = await root.call('identity.listProviders')
  const before = items.find(({ id }) => id === other.id)!
  expect(before.people).toBeGreaterThan(0)
  const moved = await root.call('identity.updateProvider', {
    params: { id: other.id },
    body: { version: before.version, issuer: `${oidc.issuer}/other` },
  })
  expect(moved.people).toBe(0)
  const { browser, back } = await outAndBack(known().login)
  await root.call('identity.deleteProvider', { params: { id: other.id } })
  const gone = await new Wanderer().visit(startOf(other))
  expect(problemOf(new URL(gone.headers.get('location')!))).toBe('auth.oidc-off')
  expect(problemOf(await comeBack(browser, back)), 'the other one goes on').toBeNull()
})

test('the log tells why, and neither secrets nor tokens', () => {
  expect(server.logs).toContain('auth.oidc-expired')
  for (const secret of [oidcClient.secret, 'eyJ']) expect(server.logs).not.toContain(secret)
})
