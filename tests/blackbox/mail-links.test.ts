import type { RouteName } from '@anneal/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { linkIn, MailServer } from '../support/mail-server.ts'
import { admin, startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'

const login = { user: 'anneal@company.test', password: 'a-password-of-the-mail-server-77' }
const password = 'four blue kettles in the rain'
const another = 'six green birds and a door'

let mails: MailServer
let server: TestServer
let root: Client
let count = 0

const newEmail = () => `person${(count += 1)}@company.test`
const tokenOf = (link: string) => new URL(link).hash.slice(1)
const ask = (
  name: 'identity.requestPassword' | 'identity.register',
  email: string,
  language: 'en' | 'zh' = 'en',
) => server.client().send(name, { body: { email, language } })

async function makeUser(email = newEmail(), language: 'en' | 'zh' | null = null) {
  const user = await root.call('auth.createUser', {
    body: { email, name: 'Lin Zhao', role: 'member', password },
  })
  if (language) {
    const client = server.client()
    await client.signIn(email, password)
    await client.call('auth.updateMe', { body: { language } })
  }
  return { id: user.id, email }
}

async function setRegistration(
  value: { mode: 'off' | 'domains'; domains: string[]; role: string },
  by = root,
) {
  const { items } = await root.call('admin.settings')
  const version = items.find(({ key }) => key === 'auth.registration')!.version
  return by.call('admin.changeSettings', {
    body: { changes: [{ key: 'auth.registration', value, version }] },
  })
}

const actions = async () =>
  (await root.call('admin.audit', { query: { limit: 200 } })).items.map(({ action }) => action)

beforeAll(async () => {
  mails = new MailServer(login)
  const url = (await mails.listen()).replace('//', `//${encodeURIComponent(login.user)}:${login.password}@`)
  server = await startServer({ env: { ANNEAL_SMTP_URL: `${url}?from=robot@company.test` } })
  root = await server.adminClient()
})
afterAll(async () => {
  await server?.close()
  await mails?.close()
})

test('a forgotten password is set anew by a mailed link, in the person’s language', async () => {
  const { email } = await makeUser(newEmail(), 'zh')
  expect((await ask('identity.requestPassword', email.toUpperCase())).status).toBe(204)
  const mail = await mails.mailTo(email)
  expect(mail).toMatchObject({ from: 'robot@company.test', subject: '为 Anneal 设置新密码' })
  const token = tokenOf(linkIn(mail))
  await server.client().call('auth.resetPassword', { body: { token, password: another } })
  await server.client().signIn(email, another)
  await expect(server.client().signIn(email, password)).rejects.toMatchObject({ status: 401 })
  await expect(
    server.client().call('auth.resetPassword', { body: { token, password } }),
  ).rejects.toMatchObject({ code: 'auth.link-used' })
  expect(await actions()).toEqual(expect.arrayContaining(['user.reset-mail-sent', 'user.password-reset']))
})

test('a newer link takes the place of an older one', async () => {
  const { email } = await makeUser()
  await ask('identity.requestPassword', email)
  const first = linkIn(await mails.mailTo(email))
  await ask('identity.requestPassword', email)
  const second = linkIn(await mails.mailTo(email, (mail) => linkIn(mail) !== first))
  const read = (link: string) => server.client().call('auth.readLink', { body: { token: tokenOf(link) } })
  await expect(read(first)).rejects.toMatchObject({ code: 'auth.link-withdrawn' })
  expect(await read(second)).toMatchObject({ email, purpose: 'password' })
})

test('whether there is an account shows neither in words nor in time nor in the limit', async () => {
  const known = await Promise.all(Array.from({ length: 8 }, () => makeUser()))
  const disabled = await makeUser()
  await root.call('auth.updateUser', { params: { id: disabled.id }, body: { version: 1, disabled: true } })
  const times = { known: [] as number[], unknown: [] as number[] }
  for (const { email } of known) {
    for (const [kind, address] of [
      ['known', email],
      ['unknown', newEmail()],
    ] as const) {
      const began = performance.now()
      const reply = await ask('identity.requestPassword', address)
      times[kind].push(performance.now() - began)
      expect([reply.status, await reply.text()]).toEqual([204, ''])
    }
  }
  const middle = (all: number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!
  expect(Math.abs(middle(times.known) - middle(times.unknown))).toBeLessThan(40)
  const toldOf = async (email: string) => {
    const statuses: number[] = []
    for (let tries = 0; tries < 6; tries += 1)
      statuses.push((await ask('identity.requestPassword', email)).status)
    return statuses
  }
  expect((await ask('identity.requestPassword', disabled.email)).status).toBe(204)
  // This address of the network has asked for more than it may by now, and so for anyone.
  const refused = await toldOf(newEmail())
  expect(refused).toContain(429)
  for (const { email } of known) await mails.mailTo(email)
  expect(mails.received.some(({ to }) => to.includes(disabled.email))).toBe(false)
})

test('an invitation is mailed as well, and its link still shown', async () => {
  const email = newEmail()
  const { link } = await root.call('auth.createInvitation', {
    body: { email, role: 'viewer', sendMail: true },
  })
  const mail = await mails.mailTo(email)
  expect(linkIn(mail)).toBe(link)
  const quiet = newEmail()
  await root.call('auth.createInvitation', { body: { email: quiet, role: 'viewer' } })
  const renewed = newEmail()
  const { id } = await root.call('auth.createInvitation', { body: { email: renewed, role: 'viewer' } })
  const again = await root.call('auth.renewInvitation', { params: { id }, body: { sendMail: true } })
  expect(linkIn(await mails.mailTo(renewed))).toBe(again.link)
  expect(mails.received.some(({ to }) => to.includes(quiet))).toBe(false)
})

test('the test mail goes to whoever asks, and says what the server answered', async () => {
  expect(await root.call('identity.mailState')).toEqual({ on: true, sender: 'robot@company.test' })
  expect(await root.call('identity.testMail')).toEqual({ to: admin.email })
  await mails.mailTo(admin.email)
  mails.refusal = { code: 554, text: 'not today' }
  await expect(root.call('identity.testMail')).rejects.toMatchObject({
    code: 'platform.mail-failed',
    problem: { detail: expect.stringContaining('not today') },
  })
  mails.refusal = null
})

test('nobody registers unless it is set, and only from the domains that are', async () => {
  const client = server.client()
  expect(await client.call('identity.signInOptions')).toMatchObject({
    registration: false,
    passwordByMail: true,
  })
  await expect(client.call('identity.register', { body: { email: newEmail() } })).rejects.toMatchObject({
    code: 'auth.registration-off',
  })
  await setRegistration({ mode: 'domains', domains: ['company.test'], role: 'member' })
  expect(await client.call('identity.signInOptions')).toMatchObject({ registration: true })
  for (const email of ['a@sub.company.test', 'a@company.test.evil.test', 'a@xcompany.test'])
    await expect(client.call('identity.register', { body: { email } })).rejects.toMatchObject({
      code: 'auth.registration-domain',
    })
})

test('who gives registration a role has to have it, and no key does', async () => {
  const own = await root.call('auth.createRole', {
    body: { name: 'Settings', permissions: ['settings.manage'] },
  })
  const { email } = await makeUser()
  const user = (await root.call('auth.listUsers', { query: { search: email } })).items[0]!
  await root.call('auth.updateUser', {
    params: { id: user.id },
    body: { version: user.version, role: own.id },
  })
  const half = server.client()
  await half.signIn(email, password)
  const value = { mode: 'domains' as const, domains: ['evil.test'], role: 'administrator' }
  await expect(setRegistration(value, half)).rejects.toMatchObject({ code: 'auth.role-too-high' })
  const { key } = await root.call('auth.createKey', { body: { name: 'script' } })
  const byKey = server.client()
  byKey.token = key
  await expect(setRegistration(value, byKey)).rejects.toMatchObject({ code: 'auth.session-needed' })
})

test('no password or link of mail is in what the server logs', async () => {
  const links = mails.received
    .map(({ text }) => /#([\w-]{43})/.exec(text)?.[1])
    .filter((one) => one !== undefined)
  expect(links.length).toBeGreaterThan(3)
  for (const secret of [login.password, ...links]) expect(server.logs).not.toContain(secret)
})

test('registration confirms the address before there is an account; whoever has one is told so by mail alone', async () => {
  // A server of its own: the one above has been asked for enough mails.
  await using second = await startServer({ env: { ANNEAL_SMTP_URL: (await plainMails()).url } })
  const boss = await second.adminClient()
  const value = { mode: 'domains', domains: ['company.test'], role: 'member' }
  await boss.call('admin.changeSettings', {
    body: { changes: [{ key: 'auth.registration', value, version: 0 }] },
  })
  const email = 'New.Person@company.test'
  const guest = second.client()
  await guest.call('identity.register', { body: { email, language: 'zh' } })
  const token = tokenOf(linkIn(await plain.mailTo(email)))
  const found = async () => (await boss.call('auth.listUsers', { query: { search: email } })).items
  expect(await found()).toEqual([])
  expect(await guest.call('auth.readLink', { body: { token } })).toMatchObject({
    purpose: 'registration',
    email,
  })
  // Turned off meanwhile, its links make nothing; turned on again, they do.
  const turn = async (mode: string) => {
    const { items } = await boss.call('admin.settings')
    const { version } = items.find(({ key }) => key === 'auth.registration')!
    await boss.call('admin.changeSettings', {
      body: { changes: [{ key: 'auth.registration', value: { ...value, mode }, version }] },
    })
  }
  const confirm = () =>
    guest.call('identity.confirmRegistration', { body: { token, name: '林昭', password, language: 'zh' } })
  await turn('off')
  await expect(confirm()).rejects.toMatchObject({ code: 'auth.registration-off' })
  await turn('domains')
  expect(await confirm()).toMatchObject({ user: { email, role: 'member', language: 'zh' } })
  await expect(confirm()).rejects.toMatchObject({ code: 'auth.link-used' })
  expect(await found()).toHaveLength(1)

  const reply = await guest.send('identity.register', { body: { email: email.toLowerCase() } })
  expect(reply.status).toBe(204)
  const told = await plain.mailTo(email, (mail) => mail.subject.includes('已经有'))
  expect(told.text).not.toMatch(/#[\w-]{43}/)
  await plain.close()
})

const plain = new MailServer()
async function plainMails(): Promise<{ url: string }> {
  return { url: await plain.listen() }
}

test('a mail that the server could not take is sent once it can, over a restart of ours', async () => {
  const away = new MailServer()
  const url = await away.listen()
  await away.close()
  await using own = await startServer({ env: { ANNEAL_SMTP_URL: url } })
  const boss = await own.adminClient()
  const { link } = await boss.call('auth.createInvitation', {
    body: { email: 'late@company.test', role: 'viewer', sendMail: true },
  })
  await until(() => own.logs.includes('a mail could not be sent'), { what: 'a first try' })
  await own.stop()
  const back = new MailServer()
  await back.listenAt(Number(new URL(url).port))
  await own.start()
  expect(linkIn(await back.mailTo('late@company.test'))).toBe(link)
  await back.close()
})

test('without a mail server nothing offers mail', async () => {
  await using none = await startServer()
  const client = none.client()
  expect(await client.call('identity.signInOptions')).toEqual({
    passwordByMail: false,
    registration: false,
    providers: [],
  })
  const boss = await none.adminClient()
  expect(await boss.call('identity.mailState')).toEqual({ on: false, sender: '' })
  const off: [Client, RouteName, object][] = [
    [client, 'identity.requestPassword', { email: admin.email }],
    [boss, 'identity.testMail', {}],
    [boss, 'auth.createInvitation', { email: 'x@company.test', role: 'viewer', sendMail: true }],
  ]
  for (const [who, name, body] of off) {
    const reply = await who.send(name, name === 'identity.testMail' ? {} : { body })
    expect([name, ((await reply.json()) as { code: string }).code]).toEqual([name, 'platform.mail-off'])
  }
  expect((await boss.call('auth.listInvitations')).items).toEqual([])
  await expect(client.call('identity.register', { body: { email: 'x@company.test' } })).rejects.toMatchObject(
    {
      code: 'auth.registration-off',
    },
  )
})
