import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage } from './support/stage.ts'
import { words } from './support/words.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(() => stage.closePages())

test('the palette finds a page by either name, a chat by its title, and gives the focus back', async () => {
  const { id } = await stage.client.call('chat.createConversation', {
    body: { title: 'Torque limit 力矩' },
  })
  const page = await stage.open('/')
  const opener = page.getByRole('button', { name: words('home.palette.open') })
  await opener.click()
  const field = page.getByRole('combobox', { name: words('home.palette.label') })
  await field.fill('审计')
  await page.getByRole('option', { name: words('admin.audit.title') }).waitFor()
  await field.press('Enter')
  await page.waitForURL((url) => url.pathname === '/audit')

  await page.keyboard.press('Control+k')
  await field.fill('力矩')
  await page.getByRole('option', { name: 'Torque limit' }).waitFor()
  await field.press('Enter')
  await page.waitForURL((url) => url.pathname === `/chat/${id}`)

  await opener.click()
  await field.fill('>theme: dark')
  await page.getByRole('option', { name: words('home.palette.themeDark') }).waitFor()
  expect(await page.getByRole('option').count()).toBe(1)
  await field.press('Escape')
  await field.waitFor({ state: 'detached' })
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true)
})

test('a provider that fails shows on the bell at once, leads to the model, and is read from then on', async () => {
  const page = await stage.open('/')
  await page.getByRole('button', { name: words('home.notices.title') }).waitFor()
  stage.provider.set({ fail: 401 })
  const { id } = await stage.client.call('chat.createConversation', { body: { modelId: stage.model.id } })
  await stage.client.call('chat.send', { params: { id }, body: { text: 'Hello' } })
  await page.getByRole('button', { name: words('home.notices.unread', { n: 1 }) }).click()
  const notices = page.getByRole('region', { name: words('home.notices.title') })
  const what = words('home.notices.kinds.model-failing', { name: stage.model.name })
  await notices.getByRole('button', { name: what }).click()
  await page.waitForURL((url) => url.pathname === `/models/${stage.model.id}`)
  await page.getByRole('button', { name: words('home.notices.title') }).waitFor()
  await page.reload()
  await page.getByRole('button', { name: words('home.notices.title') }).waitFor()
  stage.provider.set({ fail: () => undefined })
})
