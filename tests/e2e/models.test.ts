import { type ProviderStandIn, startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { ChatPage } from './pages/chat-page.ts'
import { ConnectionPage } from './pages/connection-page.ts'
import { until } from '../support/until.ts'
import { openStage, type Stage } from './support/stage.ts'
import { words } from './support/words.ts'

let stage: Stage
let ollama: ProviderStandIn
let hosted: ProviderStandIn

beforeAll(async () => {
  stage = await openStage()
  ollama = await startProviderStandIn({ kind: 'ollama', models: ['qwen3:8b'] })
  hosted = await startProviderStandIn({
    kind: 'openai',
    models: ['gpt-5-mini', 'gpt-4.1', 'text-embedding-3-small'],
  })
})
afterAll(async () => {
  await Promise.all([ollama.close(), hosted.close()])
  await stage.close()
})
afterEach(() => stage.closePages())

async function connect(name: string, provider: 'openai-compatible' | 'ollama', baseUrl: string) {
  const client = await stage.server.adminClient()
  return client.call('models.createConnection', { body: { name, provider, baseUrl } })
}

test('a new connection leads to what it offers; two are added at once, and one gets a price', async () => {
  const page = await stage.open('/models')
  await page.getByRole('button', { name: words('models.addConnection') }).click()
  await page.getByLabel(words('models.baseUrl')).fill(`${hosted.url}/v1`)
  await page.getByLabel(words('models.connectionName')).fill('Hosted')
  await page.getByRole('button', { name: words('ui.save') }).click()
  const connection = new ConnectionPage(page)
  await connection.add(['gpt-5-mini', 'text-embedding-3-small'])
  await connection.row('gpt-5-mini').waitFor()
  await connection.row('text-embedding-3-small').waitFor()
  await connection.tab(words('models.offeredTab')).click()
  await until(async () => (await page.getByText(words('models.isAdded'), { exact: true }).count()) === 2, {
    what: 'both models, added',
  })

  await page.goto(`${stage.server.baseUrl}/models?q=gpt-5-mini`)
  await connection.row('gpt-5-mini').click()
  await page.getByLabel(words('models.priceInput'), { exact: true }).fill('100')
  await page.getByLabel(words('models.priceOutput')).fill('1000')
  await page.getByRole('button', { name: words('ui.save') }).click()
  await connection.row('gpt-5-mini').getByText('$1,000.00').waitFor()
})

test('an answer of a model with a price says what it cost', async () => {
  hosted.set({ reply: () => ({ text: 'Yes.', usage: { inputTokens: 1000, outputTokens: 500 } }) })
  const client = await stage.server.adminClient()
  const { items } = await client.call('models.list', { query: { search: 'gpt-5-mini' } })
  const chat = new ChatPage(await stage.open(`/chat?model=${items[0]?.id}`))
  await chat.send('How much?')
  await chat.untilDone()
  await chat.page.getByText('$0.6000').waitFor()
})

test('one that is switched off says so, and comes back', async () => {
  const page = await stage.open('/models?q=gpt-5-mini')
  const row = new ConnectionPage(page).row('gpt-5-mini')
  await row.getByRole('switch').press('Space')
  await row.getByText(words('models.switchedOff')).waitFor()
  await page.reload()
  await row.getByText(words('models.switchedOff')).waitFor()
  await row.getByRole('switch').press('Space')
  await row.getByText(words('models.switchedOff')).waitFor({ state: 'hidden' })
})

test('a model is brought to Ollama with progress that outlives a reload, stopped, and deleted by its name', async () => {
  ollama.set({ pull: { totalBytes: 5_000_000_000, steps: 5000, stepDelayMs: 20 } })
  const { id } = await connect('Box', 'ollama', ollama.url)
  const page = await stage.open(`/models/connections/${id}?tab=local`)
  const connection = new ConnectionPage(page)
  await connection.pull('gemma3:1b')
  const pull = connection.pullRow('gemma3:1b')
  await pull.getByRole('progressbar').waitFor()
  await page.reload()
  await pull.getByRole('progressbar').waitFor()
  await pull.getByRole('button', { name: words('models.local.cancel') }).click()
  await pull.getByText(words('models.local.state.cancelled')).waitFor()

  ollama.set({ pull: { steps: 2 } })
  await pull.getByRole('button', { name: words('models.local.again') }).click()
  await connection.row('gemma3:1b').waitFor()
  await connection.deleteLocal('gemma3:1b')
  await connection.row('gemma3:1b').waitFor({ state: 'detached' })
})

test('what is typed in a drawer is asked about in a dialog of the product, by every way out', async () => {
  const page = await stage.open('/usage')
  await page
    .getByRole('navigation')
    .getByRole('link', { name: words('models.title'), exact: true })
    .click()
  await page.getByRole('button', { name: words('models.addConnection') }).click()
  const name = page.getByLabel(words('models.connectionName'))
  await name.fill('Half typed')
  const question = page.getByRole('dialog', { name: words('ui.leave.title') })
  const stay = question.getByRole('button', { name: words('ui.leave.stay') })

  await page.getByRole('button', { name: words('ui.cancel'), exact: true }).click()
  await stay.click()
  await question.waitFor({ state: 'hidden' })
  await name.press('Escape')
  await question.waitFor()
  await page.keyboard.press('Escape')
  await question.waitFor({ state: 'hidden' })
  await page.goBack()
  await stay.click()
  await question.waitFor({ state: 'hidden' })
  expect(await name.inputValue()).toBe('Half typed')

  await page.getByRole('button', { name: words('ui.close') }).click()
  await question.getByRole('button', { name: words('ui.leave.confirm') }).click()
  await name.waitFor({ state: 'hidden' })
})
