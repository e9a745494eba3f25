import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { admin } from '../support/server.ts'
import { until } from '../support/until.ts'
import { signIn, untilHome } from './pages/sign-in-page.ts'
import { acceptInvitation, UsersPage } from './pages/users-page.ts'
import { openStage, type Stage } from './support/stage.ts'
import { words } from './support/words.ts'

const password = 'four blue kettles in the rain'
const another = 'six green birds and a door'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(() => stage.closePages())

const pathOf = (link: string): string => {
  const { pathname, hash } = new URL(link)
  return pathname + hash
}
const entry = (page: Page, key: string) =>
  page.locator('aside nav').getByRole('link', { name: words(key), exact: true })

async function makeUser(email: string, role: 'member' | 'viewer' | 'administrator' = 'member') {
  return stage.client.call('auth.createUser', { body: { email, name: email.split('@')[0]!, role, password } })
}
async function openAs(email: string, path: string, given = password): Promise<Page> {
  const page = await stage.openAnonymous(`/sign-in?to=${encodeURIComponent(path)}`)
  await signIn(page, email, given)
  await page.waitForURL((url) => url.pathname === path)
  return page
}

test('someone is invited, comes in, gets another role while there, and is sent out', async () => {
  const users = new UsersPage(await stage.open('/users'))
  const link = await users.invite('mira@example.com', 'member')
  const guest = await stage.openAnonymous(pathOf(link))
  await guest.getByText(words('auth.invite.yourEmail', { email: 'mira@example.com' })).waitFor()
  await acceptInvitation(guest, 'Mira Okafor', 'too short')
  await guest
    .getByRole('alert')
    .filter({ hasText: words('auth.passwordShort', { n: 6 }) })
    .waitFor()
  await acceptInvitation(guest, 'Mira Okafor', password)
  await untilHome(guest)
  await entry(guest, 'chat.title').waitFor()
  expect(await entry(guest, 'users.title').count()).toBe(0)

  // The list tells of the newcomer by itself.
  await users.row('Mira Okafor').waitFor()
  await users.giveRole('Mira Okafor', 'viewer')
  await users.toast(words('users.saved', { name: 'Mira Okafor' })).waitFor()
  await entry(guest, 'chat.title').waitFor({ state: 'detached' })
  await guest.goto(`${stage.server.baseUrl}/users`)
  await guest
    .getByRole('heading', { name: words('ui.noPermission.title') })
    .first()
    .waitFor()

  const late = await stage.openAnonymous(pathOf(link))
  await late.getByRole('heading', { name: words('auth.errors.link-used.title') }).waitFor()

  await users.choose('Mira Okafor', 'users.endSessions')
  await guest.waitForURL(/\/sign-in/, { timeout: 5_000 })
})

test('the last administrator is told so, and stays', async () => {
  const page = await stage.open('/users')
  const users = new UsersPage(page)
  await users.choose(admin.email, 'users.disable')
  await page.getByText(words('users.disableSelf')).waitFor()
  await users.confirm('users.disable')
  await users.toast(words('auth.errors.last-administrator.title')).waitFor()
  await users.row(admin.email).getByText(words('users.active')).waitFor()
})

test('who is disabled while reading is out within seconds, and can be taken back', async () => {
  await makeUser('nora@example.com')
  const reader = await openAs('nora@example.com', '/datasets')
  const users = new UsersPage(await stage.open('/users?q=nora'))
  await users.choose('nora@example.com', 'users.disable')
  await users.confirm('users.disable')
  await reader.waitForURL(/\/sign-in/, { timeout: 5_000 })
  await users.row('nora@example.com').getByText(words('users.disabled')).waitFor()
  await users.page.getByRole('button', { name: words('ui.undo') }).click()
  await users.row('nora@example.com').getByText(words('users.active')).waitFor()
  await signIn(reader, 'nora@example.com', password)
  await reader.waitForURL(/\/datasets/)
})

test('several are chosen and get a role at once, which is undone at once', async () => {
  await makeUser('group-a@example.com')
  await makeUser('group-b@example.com')
  const page = await stage.open('/users?q=group-')
  const users = new UsersPage(page)
  for (const name of ['group-a', 'group-b'])
    await page.getByRole('checkbox', { name: words('ui.select', { name }) }).check()
  const bar = page.getByRole('toolbar', { name: words('ui.selected', { n: 2 }) })
  await bar.getByRole('button', { name: words('users.changeRole') }).click()
  await page.getByRole('menuitem', { name: words('auth.role.viewer') }).click()
  await users.toast(words('users.manyChanged', { n: 2 })).waitFor()
  const roles = (role: string) =>
    page.locator('main tbody tr.row').filter({ hasText: words(`auth.role.${role}`) })
  await roles('viewer').nth(1).waitFor()
  await page.getByRole('button', { name: words('ui.undo') }).click()
  await roles('member').nth(1).waitFor()
})

test('what another saved meanwhile is said, what was typed stays, and is then saved over knowingly', async () => {
  const { id, version } = await makeUser('rosa@example.com')
  const page = await stage.open(`/users?user=${id}`)
  const users = new UsersPage(page)
  const name = users.drawer.getByLabel(words('users.me.name'), { exact: true })
  await name.fill('Rosa of mine')
  const body = { version, name: 'Rosa of theirs' }
  await stage.client.call('auth.updateUser', { params: { id }, body })
  const save = users.drawer.getByRole('button', { name: words('ui.save'), exact: true })
  await save.click()
  await users.drawer.getByText(words('users.conflict')).waitFor()
  expect(await name.inputValue()).toBe('Rosa of mine')
  await name.fill('Rosa of both')
  await save.click()
  await users.row('Rosa of both').waitFor()
})

test('a new password by a link: the old sessions are out, the new one is in', async () => {
  await makeUser('otto@example.com')
  const old = await openAs('otto@example.com', '/datasets')
  const users = new UsersPage(await stage.open('/users?q=otto'))
  await users.choose('otto@example.com', 'users.resetPassword')
  const link = await users.shownLink(users.page.getByRole('dialog'))
  const page = await stage.openAnonymous(pathOf(link))
  await page.getByLabel(words('users.me.next'), { exact: true }).fill(another)
  await page.getByRole('button', { name: words('auth.reset.save') }).click()
  await untilHome(page)
  await old.waitForURL(/\/sign-in/, { timeout: 5_000 })
})

test("one's own account: a name, a password, and the end of the other session", async () => {
  await makeUser('pia@example.com')
  const other = await openAs('pia@example.com', '/datasets')
  const page = await openAs('pia@example.com', '/me/profile')
  await page.getByLabel(words('users.me.name')).fill('Pia Lindqvist')
  await page.getByRole('button', { name: words('ui.save'), exact: true }).click()
  await page.locator('.person-menu').getByText('Pia Lindqvist').first().waitFor()

  await page.getByRole('link', { name: words('users.me.tab.sessions'), exact: true }).click()
  const sessions = page.locator('main li')
  await sessions.nth(1).waitFor()
  await sessions.nth(0).getByText(words('users.sessions.current')).waitFor()
  await sessions.nth(1).getByRole('button').click()
  await other.waitForURL(/\/sign-in/, { timeout: 5_000 })
  await sessions.nth(1).waitFor({ state: 'detached' })

  await page.getByRole('link', { name: words('users.me.tab.security'), exact: true }).click()
  await page.getByLabel(words('users.me.current'), { exact: true }).fill('not the password')
  await page.getByLabel(words('users.me.next'), { exact: true }).fill(another)
  const change = page.getByRole('button', { name: words('users.me.change'), exact: true })
  await change.click()
  await page
    .getByRole('alert')
    .filter({ hasText: words('auth.errors.wrong-password.title') })
    .waitFor()
  await page.getByLabel(words('users.me.current'), { exact: true }).fill(password)
  await change.click()
  await page
    .locator('.toast')
    .filter({ hasText: words('users.me.changed') })
    .waitFor()
  await signIn(other, 'pia@example.com', another)
  await other.waitForURL(/\/datasets/)
})

test('a language is kept with the account, and meets its owner in a browser that has none', async () => {
  const { id } = await makeUser('quinn@example.com')
  const page = await openAs('quinn@example.com', '/me/profile')
  const languages = page.getByRole('radiogroup', { name: words('ui.language.label') })
  await languages.getByText(words('ui.language.zh')).click()
  await page.locator('html[lang="zh-CN"]').waitFor()
  const kept = async () => (await stage.client.call('auth.getUser', { params: { id } })).language
  await until(async () => (await kept()) === 'zh', { what: 'the language of the account' })

  const context = await stage.browser.newContext({ locale: 'en-GB' })
  const elsewhere = await stage.openTab(context, '/sign-in')
  await signIn(elsewhere, 'quinn@example.com', password)
  await elsewhere.locator('html[lang="zh-CN"]').waitFor()
})
