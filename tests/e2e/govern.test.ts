import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { openStage, type Stage } from './support/stage.ts'
import { words } from './support/words.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(() => stage.closePages())

test('the audit shows what happens while it is looked at, filters it, and checks its chain', async () => {
  const page = await stage.open('/audit')
  await page.getByRole('row').filter({ hasText: 'model.created' }).waitFor()
  const { id } = await stage.client.call('chat.createConversation', { body: { title: 'Seen in the audit' } })
  await page.getByRole('row').filter({ hasText: 'conversation.created' }).waitFor()

  await page.getByRole('searchbox').fill('conversation.')
  await page.waitForURL((url) => url.searchParams.get('q') === 'conversation.')
  await page.getByRole('row').filter({ hasText: 'model.created' }).waitFor({ state: 'detached' })
  await page.getByRole('row').filter({ hasText: 'conversation.created' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByText(id).waitFor()
  await drawer.getByRole('button', { name: words('admin.audit.sameRequest') }).click()
  await page.waitForURL((url) => url.searchParams.has('request'))

  await page.getByRole('button', { name: words('admin.audit.verify') }).click()
  await page.getByText(/^The chain is whole/).waitFor()

  await page.getByRole('button', { name: words('admin.audit.export') }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: words('admin.audit.formats.csv') }).click()
  const file = await (await downloading).path()
  expect(await readFile(file, 'utf8')).toContain('conversation.created')
})

test('a setting that two change at once: the second is told and keeps what was typed', async () => {
  const page = await stage.open('/settings')
  const name = page.getByLabel(words('admin.settings.fields.instance.name.label'))
  await name.fill('Tidewell Robotics')
  const { items } = await stage.client.call('admin.settings', {})
  const { version } = items.find((item) => item.key === 'instance.name')!
  await stage.client.call('admin.changeSettings', {
    body: { changes: [{ key: 'instance.name', value: 'Another', version }] },
  })
  await page.getByText(words('admin.settings.clash')).waitFor()
  expect(await name.inputValue()).toBe('Tidewell Robotics')
  await page.getByRole('button', { name: words('ui.save') }).click()
  await page.getByText(words('admin.settings.saved')).waitFor()
  await page.getByRole('complementary').getByText('Tidewell Robotics').waitFor()
  expect((await stage.client.call('admin.instance', {})).name).toBe('Tidewell Robotics')
})

test('usage counts an answer, by model and by user', async () => {
  const { id } = await stage.client.call('chat.createConversation', { body: { modelId: stage.model.id } })
  await stage.client.call('chat.send', { params: { id }, body: { text: 'Count me' } })
  const day = 86_400_000
  const span = {
    from: new Date(Date.now() - day).toISOString(),
    to: new Date(Date.now() + day).toISOString(),
  }
  /* An answer is counted when it has ended. */
  await until(async () => (await stage.client.call('usage.report', { query: span })).totals.requests > 0, {
    what: 'the answer in the ledger',
  })
  const page = await stage.open('/usage')
  await page.getByRole('table').filter({ hasText: stage.model.name }).first().waitFor()
  await page.getByRole('radio', { name: words('usage.by.user'), exact: true }).check({ force: true })
  await page.waitForURL((url) => url.searchParams.get('by') === 'user')
  await page.getByText(words('usage.byTitle.user')).waitFor()
})
