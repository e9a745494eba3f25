import { createHmac } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openContext } from '../support/browser.ts'
import type { Client } from '../support/client.ts'
import { freePort } from '../support/ports.ts'
import { signIn, untilHome } from './pages/sign-in-page.ts'
import { openStage, type Stage } from './support/stage.ts'
import { words } from './support/words.ts'

const password = 'three words and a comma'
let stage: Stage
let count = 0

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(() => stage.closePages())

async function person(role: 'member' | 'viewer' = 'member'): Promise<{ email: string; client: Client }> {
  const email = `factor${(count += 1)}@example.com`
  await stage.client.call('auth.createUser', { body: { email, role, password } })
  const client = stage.server.client()
  await client.signIn(email, password)
  return { email, client }
}

/** The code that an app would show: RFC 6238 by hand, so that the library is not its own witness. */
function codeOf(secret: string, at = Date.now()): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replaceAll(' ', '')].map((one) =>
    alphabet.indexOf(one).toString(2).padStart(5, '0'),
  )
  const bytes = bits
    .join('')
    .match(/.{8}/g)!
    .map((one) => Number.parseInt(one, 2))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const mac = createHmac('sha1', Buffer.from(bytes)).update(counter).digest()
  const offset = mac.at(-1)! & 15
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** A device with a fingerprint reader that always says yes; gives how to make it say no. */
async function addDevice(page: Page): Promise<{ verify: (yes: boolean) => Promise<void> }> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    verify: async (isUserVerified) => {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
  }
}

/** How the live sessions were signed in, newest first; the last is the client's own. */
async function waysOf(client: Client): Promise<string[]> {
  const { items } = await client.call('auth.listSessions')
  return items.map(({ way, factor }) => `${way} ${factor}`)
}

async function openSecurity(email: string): Promise<Page> {
  const page = await stage.openAnonymous('/sign-in')
  await signIn(page, email, password)
  await untilHome(page)
  await page.goto(`${stage.server.baseUrl}/me/security`)
  await page.getByRole('heading', { name: words('factors.second.title') }).waitFor()
  return page
}

const button = (page: Page, name: Parameters<typeof words>[0]) =>
  page.getByRole('button', { name: words(name), exact: true })

async function addPasskey(page: Page, name: string): Promise<void> {
  await button(page, 'factors.passkeys.add').click()
  await page.getByRole('textbox', { name: words('factors.passkeys.name'), exact: true }).fill(name)
  await button(page, 'factors.passkeys.create').click()
}

const keepCodes = async (page: Page): Promise<string[]> => {
  await button(page, 'auth.step.codesKept').waitFor()
  const codes = await page.locator('.codes code').allInnerTexts()
  await button(page, 'auth.step.codesKept').click()
  return codes
}

/** Signed out, in the same browser, which keeps its device. */
async function signOut(page: Page): Promise<void> {
  await page.locator('.person-menu button.person').click()
  await page.getByRole('menuitem', { name: words('auth.signOut') }).click()
  await page.waitForURL('**/sign-in')
}

test('a passkey is added, opens the account alone, and serves as second factor', async () => {
  const { email, client } = await person()
  const page = await openSecurity(email)
  const device = await addDevice(page)
  await addPasskey(page, 'Work laptop')
  expect(await keepCodes(page)).toHaveLength(10)
  await page.getByText('Work laptop', { exact: true }).waitFor()
  await signOut(page)

  await button(page, 'auth.usePasskey').click()
  await untilHome(page)
  expect(await page.locator('.person-menu').innerText()).toContain(email.split('@')[0])
  expect(await waysOf(client)).toEqual(['passkey null', 'password null'])
  await signOut(page)

  await signIn(page, email, password)
  await page.getByRole('heading', { name: words('auth.step.second') }).waitFor()
  await button(page, 'auth.usePasskey').click()
  await untilHome(page)
  expect(await waysOf(client)).toEqual(['password passkey', 'password null'])
  await signOut(page)

  // A device that does not know its holder opens nothing alone.
  await device.verify(false)
  await button(page, 'auth.usePasskey').click()
  await page.getByRole('alert').waitFor()
  expect(new URL(page.url()).pathname).toBe('/sign-in')
})

test('an authenticator app is set up, asked for at sign-in, and its code works once', async () => {
  const { email } = await person()
  const page = await openSecurity(email)
  await button(page, 'factors.totp.add').click()
  await page.locator('svg.qr path[d]').waitFor()
  const secret = await page.locator('.secret code').innerText()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(words('auth.step.code'), { exact: true }).fill('000000')
  await dialog.getByRole('button', { name: words('factors.proof.confirm') }).click()
  await dialog.getByText(words('auth.errors.wrong-code.title')).waitFor()
  const code = codeOf(secret)
  await dialog.getByLabel(words('auth.step.code'), { exact: true }).fill(code)
  await dialog.getByRole('button', { name: words('factors.proof.confirm') }).click()
  const codes = await keepCodes(page)
  await signOut(page)

  await signIn(page, email, password)
  const field = page.getByLabel(words('auth.step.code'), { exact: true })
  await field.fill(code)
  await button(page, 'auth.step.verify').click()
  await page.getByText(words('auth.errors.wrong-code.title')).waitFor()
  // The next step's code is good already: clocks differ.
  await field.fill(codeOf(secret, Date.now() + 30_000))
  await button(page, 'auth.step.verify').click()
  await untilHome(page)
  await signOut(page)

  for (const [given, isGood] of [
    [codes[0]!.toUpperCase().replace('-', ' '), true],
    [codes[0]!, false],
  ] as const) {
    await signIn(page, email, password)
    await button(page, 'auth.step.by.recovery-code').click()
    await page.getByLabel(words('auth.step.recoveryCode'), { exact: true }).fill(given)
    await button(page, 'auth.step.verify').click()
    if (!isGood) await page.getByText(words('auth.errors.wrong-code.title')).waitFor()
    else {
      await untilHome(page)
      await page.goto(`${stage.server.baseUrl}/me/security`)
      await page.getByText(words('factors.codes.left', { n: 9, of: 10 })).waitFor()
      await signOut(page)
    }
  }
})

test('a role that requires a second factor has it set up before anyone is in', async () => {
  const { email } = await person('viewer')
  const { items } = await stage.client.call('auth.listRoles')
  const viewer = items.find(({ id }) => id === 'viewer')!
  const updated = await stage.client.call('auth.updateRole', {
    params: { id: 'viewer' },
    body: { version: viewer.version, secondFactor: true },
  })
  try {
    const page = await stage.openAnonymous('/sign-in', { language: 'en' })
    await signIn(page, email, password)
    await page.getByRole('heading', { name: words('auth.step.enrol') }).waitFor()
    await page.getByRole('button', { name: words('auth.step.enrolTotp') }).click()
    const secret = await page.locator('.secret code').innerText()
    await page.getByLabel(words('auth.step.code'), { exact: true }).fill(codeOf(secret))
    await button(page, 'auth.step.verify').click()
    expect(await keepCodes(page)).toHaveLength(10)
    await untilHome(page)
    await page.goto(`${stage.server.baseUrl}/me/security`)
    await button(page, 'factors.totp.remove').click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: words('factors.totp.remove') })
      .click()
    await page.getByText(words('auth.errors.factor-required.title')).first().waitFor()
  } finally {
    await stage.client.call('auth.updateRole', {
      params: { id: 'viewer' },
      body: { version: updated.version, secondFactor: false },
    })
  }
})

test('under plain http and a name the page says why there are no passkeys, and nothing fails', async () => {
  const host = 'anneal.corp.example'
  const port = await freePort()
  const far = await openStage({
    server: { port, env: { ANNEAL_PUBLIC_URL: `http://${host}:${port}` } },
    flags: [`--host-resolver-rules=MAP ${host} 127.0.0.1`],
  })
  try {
    const page = await (await openContext(far.browser)).newPage()
    await page.goto(`http://${host}:${port}/sign-in`)
    await button(page, 'auth.usePasskey').click()
    await page.getByText(words('auth.passkeyOnlySafe')).waitFor()
  } finally {
    await far.close()
  }
})

test('on an address literal the page says where passkeys belong', async () => {
  const page = await (await openContext(stage.browser)).newPage()
  await page.goto(stage.server.baseUrl.replace('localhost', '127.0.0.1') + '/sign-in')
  await button(page, 'auth.usePasskey').click()
  await page.getByText(words('auth.passkeyOnlySafe')).waitFor()
})

test('an administrator removes the factors of someone who has lost them', async () => {
  const { email, client } = await person()
  const begun = await client.call('auth.beginTotp')
  await client.call('auth.addTotp', { body: { ticket: begun.ticket, code: codeOf(begun.secret) } })
  const page = await stage.open('/users')
  await page.locator('main tbody tr', { hasText: email }).first().click()
  await button(page, 'factors.admin.remove').click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: words('factors.admin.remove') })
    .last()
    .click()
  await page.getByText(words('factors.admin.removed', { n: 1 })).waitFor()
  expect((await client.send('auth.me')).status).toBe(401)
  await client.signIn(email, password)
})
