import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { GatewayPage } from './pages/gateway-page.ts'
import { openStage, type Stage } from './support/stage.ts'
import { words } from './support/words.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())
afterEach(() => stage.closePages())

const ask = (key: string, model: string) =>
  fetch(`${stage.server.baseUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
  })

test('a key is made, shown once, calls a model, is seen among the last calls, and ends when it is revoked', async () => {
  const gateway = new GatewayPage(await stage.open('/gateway'))
  const { page } = gateway
  const key = await gateway.createKey('browser-key')
  expect(key).toMatch(/^[A-Za-z0-9]{21}$/)
  await gateway.key('browser-key').waitFor()
  await page.reload()
  await gateway.key('browser-key').waitFor()
  expect(await page.getByTestId('new-key').count()).toBe(0)
  expect(await page.content()).not.toContain(key)

  await gateway.openTab('calls')
  await page.getByText(words('gateway.calls.emptyTitle')).waitFor()
  const [model] = (await stage.client.call('models.list', { query: {} })).items
  /* It appears by itself: nothing is pressed in between. */
  expect((await ask(key, model!.name)).status).toBe(200)
  await gateway
    .call('browser-key')
    .filter({ hasText: words('gateway.calls.states.finished') })
    .waitFor()

  await gateway.openTab('keys')
  await gateway.revoke('browser-key')
  await gateway.key('browser-key').waitFor({ state: 'detached' })
  expect((await ask(key, model!.name)).status).toBe(401)
})

test('a call is tried from the page: the snippet follows what is chosen, the reply streams in', async () => {
  stage.provider.set({ reply: ({ prompt }) => ({ reasoning: 'I think.', text: `You said ${prompt}.` }) })
  const gateway = new GatewayPage(await stage.open('/gateway/try'))
  const { page } = gateway
  await page.getByRole('textbox', { name: words('gateway.try.question') }).fill('it is "so"')
  await page.getByText('TypeScript', { exact: true }).first().click()
  await page.waitForURL(/language=typescript/)
  await gateway.snippet.filter({ hasText: 'it is \\"so\\"' }).waitFor()
  await gateway.snippet.filter({ hasText: "import OpenAI from 'openai'" }).waitFor()
  await gateway.run('hello')
  await gateway.reply.getByText('You said hello.').waitFor()
  await gateway.reply.getByText(words('gateway.try.states.done')).waitFor()
  stage.provider.set({ fail: 401 })
  await gateway.run('hello again')
  await gateway.reply.getByText(words('gateway.try.states.failed')).waitFor()
  await gateway.reply.getByText('provider.unauthorized').waitFor()
  stage.provider.set({ fail: undefined })
})
