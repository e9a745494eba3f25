import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { ChatPage } from './pages/chat-page.ts'
import { openStage, type Stage } from './support/stage.ts'
import { words } from './support/words.ts'

const count = (n: number) => Array.from({ length: n }, (_, index) => `word${index + 1}`).join(' ')
const answer = count(150)

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(() => stage.closePages())
beforeEach(() => stage.provider.set({ reply: () => ({ text: answer }), tokenDelayMs: 0 }))

async function openChat(path = '/chat'): Promise<ChatPage> {
  return new ChatPage(await stage.open(path))
}

test('an answer goes on over a reload where it was, and its provider is asked once', async () => {
  stage.provider.set({ tokenDelayMs: 15 })
  const chat = await openChat()
  const before = stage.provider.requests.length
  await chat.send('Count for me')
  await chat.text.filter({ hasText: 'word10 ' }).waitFor()
  await chat.page.waitForURL(/\/chat\/.+/)
  await chat.page.reload()
  await chat.text.filter({ hasText: 'word10 ' }).waitFor()
  expect(await chat.answer.getAttribute('aria-busy')).toBe('true')
  await chat.untilDone()
  expect((await chat.text.innerText()).trim()).toBe(answer)
  expect(stage.provider.requests.length - before).toBe(1)
})

test('stop ends the answer, at the provider too, and keeps what had come', async () => {
  stage.provider.set({ tokenDelayMs: 30 })
  const chat = await openChat()
  await chat.send('Count and be stopped')
  await chat.text.filter({ hasText: 'word3 ' }).waitFor()
  await chat.stopButton.click()
  await chat.page.getByText(words('chat.stopped')).waitFor()
  const kept = (await chat.text.innerText()).trim()
  expect(answer.startsWith(kept)).toBe(true)
  expect(kept).not.toBe(answer)
  await until(() => stage.provider.requests.at(-1)?.aborted, { what: 'the end at the provider' })
  await chat.page.reload()
  await chat.page.getByText(words('chat.stopped')).waitFor()
  expect((await chat.text.innerText()).trim()).toBe(kept)
})

test('the reasoning stands in a panel of its own, apart from the answer', async () => {
  stage.provider.set({ reply: () => ({ reasoning: 'First I think.', text: 'Then I speak.' }) })
  const chat = await openChat()
  await chat.send('Think')
  await chat.untilDone()
  expect((await chat.text.innerText()).trim()).toBe('Then I speak.')
  const toggle = chat.reasoning.getByRole('button').first()
  expect(await toggle.getAttribute('aria-expanded')).toBe('false')
  await toggle.click()
  await chat.reasoning.getByText('First I think.').waitFor()
})

test('a draft is kept over a reload, each conversation its own', async () => {
  const { id } = await stage.client.call('chat.createConversation', { body: { title: 'With a draft' } })
  const chat = await openChat(`/chat/${id}`)
  await chat.field.fill('half a thou')
  await chat.page.reload()
  await until(async () => (await chat.field.inputValue()) === 'half a thou', { what: 'the draft' })
  await chat.page.goto(`${stage.server.baseUrl}/chat`)
  await chat.field.waitFor()
  expect(await chat.field.inputValue()).toBe('')
})

test('a conversation is renamed, deleted, and brought back by undo', async () => {
  const { id } = await stage.client.call('chat.createConversation', { body: { title: 'Plain name' } })
  const chat = await openChat(`/chat/${id}`)
  await chat.choose('Plain name', 'rename')
  await chat.list.getByRole('textbox', { name: words('ui.rename') }).fill('Better name')
  await chat.page.keyboard.press('Enter')
  await chat.page.getByRole('heading', { name: 'Better name' }).waitFor()
  await chat.choose('Better name', 'delete')
  await chat.entry('Better name').waitFor({ state: 'detached' })
  expect(new URL(chat.page.url()).pathname).toBe('/chat')
  await chat.page.getByRole('button', { name: words('ui.undo') }).click()
  await chat.entry('Better name').waitFor()
  await chat.page.waitForURL(`**/chat/${id}`)
})

test('the search looks in titles, in Chinese too', async () => {
  for (const title of ['Harbour walls', 'Hull inspection', '船体检查的步骤'])
    await stage.client.call('chat.createConversation', { body: { title } })
  const chat = await openChat()
  await chat.list.getByRole('button', { name: words('chat.searchTitles') }).click()
  const box = chat.list.getByRole('searchbox')
  await box.fill('船体')
  await chat.entry('Harbour walls').waitFor({ state: 'detached' })
  await chat.entry('船体检查的步骤').waitFor()
  await box.fill('zebra')
  await chat.list.getByText(words('chat.noneFound', { text: 'zebra' })).waitFor()
})

test('an answer of 100,000 characters is shown to its last word', async () => {
  const paragraph = `${count(60)}\n\n`
  const long = `${paragraph.repeat(Math.ceil(100_000 / paragraph.length))}**the end**`
  stage.provider.set({ reply: () => ({ text: long }) })
  const chat = await openChat()
  await chat.send('Write a book')
  await chat.untilDone(60_000)
  await chat.text.locator('strong', { hasText: 'the end' }).waitFor()
  expect((await chat.text.innerText()).length).toBeGreaterThan(99_000)
})
