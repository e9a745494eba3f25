import type { Page, Route } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openContext, signInContext } from '../support/browser.ts'
import { admin } from '../support/server.ts'
import { until } from '../support/until.ts'
import { ChatPage } from './pages/chat-page.ts'
import { signIn, untilHome } from './pages/sign-in-page.ts'
import { openStage, type Stage } from './support/stage.ts'
import { words } from './support/words.ts'

const text = Array.from({ length: 120 }, (_, index) => `word${index + 1}`).join(' ')

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(() => stage.closePages())
beforeEach(() => stage.provider.set({ reply: () => ({ text }), tokenDelayMs: 0 }))

test('a wrong password is said in words, the right one leads to where one wanted to go', async () => {
  const page = await stage.openAnonymous('/models')
  await page.waitForURL(/\/sign-in\?to=/)
  await signIn(page, admin.email, 'not the password')
  await page
    .getByRole('alert')
    .filter({ hasText: words('auth.errors.wrong-credentials.title') })
    .waitFor()
  expect(await page.getByLabel(words('auth.email')).inputValue()).toBe(admin.email)
  await signIn(page, admin.email, admin.password)
  await page.waitForURL('**/models')
  await page.getByRole('heading', { name: words('models.title'), level: 1 }).waitFor()
})

test('who signs out is out, in the other tab too', async () => {
  const page = await stage.openAnonymous('/sign-in')
  await signIn(page, admin.email, admin.password)
  await untilHome(page)
  const other = await stage.openTab(page.context(), '/chat')
  await new ChatPage(other).field.waitFor()
  await page.locator('.person-menu button.person').click()
  await page.getByRole('menuitem', { name: words('auth.signOut') }).click()
  await page.waitForURL('**/sign-in')
  await other.waitForURL(/\/sign-in/)
})

/** Lets every session of this page live for so many seconds, as the page understands it; counts the renewals. */
async function shortenSessions(page: Page, seconds: number): Promise<() => number> {
  let renewals = 0
  await page.route('**/api/v1/auth/refresh', async (route: Route) => {
    renewals++
    const response = await route.fetch()
    const session = (await response.json()) as Record<string, unknown>
    const expiresAt = new Date(Date.now() + seconds * 1000).toISOString()
    await route.fulfill({ response, json: { ...session, expiresAt } })
  })
  return () => renewals
}

test('a stream and a form outlive the access token, which is renewed without a word', async () => {
  const page = await (await openContext(stage.browser)).newPage()
  const renewals = await shortenSessions(page, 4)
  await signInContext(page.context(), stage.server.baseUrl, admin)
  await page.addInitScript(() => localStorage.setItem('anneal.signed-in', '1'))
  await page.goto(`${stage.server.baseUrl}/chat`)
  const chat = new ChatPage(page)
  await chat.field.waitFor()
  const before = renewals()
  stage.provider.set({ tokenDelayMs: 60 })
  await chat.send('A long one')
  await chat.field.fill('and a draft meanwhile')
  await until(() => renewals() >= before + 2, { what: 'two renewals' })
  expect(await chat.answer.getAttribute('aria-busy')).toBe('true')
  await chat.untilDone()
  expect((await chat.text.innerText()).trim()).toBe(text)
  expect(await chat.field.inputValue()).toBe('and a draft meanwhile')
})

test('a call that the server answers with an expired token is sent again', async () => {
  const page = await stage.open('/chat')
  const chat = new ChatPage(page)
  await chat.field.waitFor()
  const problem = { type: 'about:blank', status: 401, code: 'auth.token-expired', title: '', detail: '' }
  let refused = 0
  await page.route('**/api/v1/conversations', async (route) => {
    if (route.request().method() !== 'POST' || refused > 0) return route.fallback()
    refused++
    return route.fulfill({ status: 401, contentType: 'application/problem+json', json: problem })
  })
  await chat.send('Once more, please')
  await chat.untilDone()
  expect(refused).toBe(1)
  expect((await chat.text.innerText()).trim()).toBe(text)
})

test('twelve tabs of one browser work, three of them streaming', async () => {
  stage.provider.set({ tokenDelayMs: 20 })
  const first = await stage.open('/chat')
  const others = await Promise.all(Array.from({ length: 11 }, () => stage.openTab(first.context(), '/chat')))
  const tabs = [first, ...others].map((page) => new ChatPage(page))
  await Promise.all(tabs.map((chat) => chat.field.waitFor({ timeout: 60_000 })))
  const streaming = tabs.slice(0, 3)
  await Promise.all(streaming.map((chat, index) => chat.send(`Stream ${index + 1}`)))
  await stage.client.call('chat.createConversation', { body: { title: 'Seen by all twelve' } })
  await Promise.all(tabs.map((chat) => chat.entry('Seen by all twelve').waitFor()))
  await Promise.all(streaming.map((chat) => chat.untilDone(60_000)))
  for (const chat of streaming) expect((await chat.text.innerText()).trim()).toBe(text)
})

test('a lost server is said, the draft is kept, and the page goes on by itself', async () => {
  const page = await stage.open('/chat')
  const chat = new ChatPage(page)
  await chat.send('Before')
  await chat.untilDone()
  await stage.server.stop()
  const banner = page.locator('.notice', { hasText: words('ui.offline.title') })
  await banner.waitFor()
  await chat.field.fill('Written meanwhile')
  await stage.server.start()
  await banner.waitFor({ state: 'detached', timeout: 30_000 })
  expect(await chat.field.inputValue()).toBe('Written meanwhile')
  await chat.send('Written meanwhile')
  await page.locator('article.message', { hasText: 'Written meanwhile' }).waitFor()
  await chat.untilDone()
  expect(await chat.answers.count()).toBe(2)
})
