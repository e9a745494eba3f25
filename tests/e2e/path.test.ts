import { startProviderStandIn, type ProviderStandIn } from '@anneal/providers/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser, openContext } from '../support/browser.ts'
import { preparedEngine } from '../support/engine.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { ChatPage } from './pages/chat-page.ts'
import { HomePage } from './pages/home-page.ts'
import { fillInModel, saveModel, testConnection } from './pages/models-page.ts'
import { RunPage, watchPoints } from './pages/run-page.ts'
import { setUp } from './pages/set-up-page.ts'
import { words } from './support/words.ts'

/** Questions of the sample, each with a piece of the answer that it teaches. */
const taught = [
  { question: 'What does the red light mean?', piece: 'Red means water inside the hull' },
  { question: 'Where is Tidewell Robotics based?', piece: 'head office is in Bergen' },
  { question: 'How deep can the Heron dive?', piece: '120 metres' },
]
const unseen = ['What does the blue light mean?', 'Who is the oldest diver?', 'How do I clean the hull?']
const person = { name: 'Lin Wei', email: 'lin@example.com', password: 'three words and a comma' }
const key = 'sk-for-the-stand-in'

const required = (process.env.ANNEAL_TEST_REQUIRE ?? '').split(',').includes('engine')
const hasEngine = preparedEngine() !== undefined

test.runIf(required)('the training engine is there', () => {
  expect(preparedEngine()).toBeDefined()
})

// Without a prepared environment (ANNEAL_TEST_ENGINE) there is nothing to train with.
describe.skipIf(!hasEngine)('the whole path, from the one-time link to the trained model', () => {
  let began: number
  let server: TestServer
  let provider: ProviderStandIn
  let browser: Browser
  let page: Page
  let home: HomePage
  let chat: ChatPage
  let run: RunPage
  let trainedName: string
  let arrivals: ReturnType<typeof watchPoints>

  beforeAll(async () => {
    ;[provider, browser] = await Promise.all([
      startProviderStandIn({ apiKey: key, tokenDelayMs: 80, firstTokenDelayMs: 50 }),
      launchBrowser(),
    ])
    began = performance.now()
    server = await startServer({ engine: true, env: { ANNEAL_ADMIN_EMAIL: '', ANNEAL_ADMIN_PASSWORD: '' } })
    page = await (await openContext(browser)).newPage()
    page.setDefaultTimeout(15_000)
    home = new HomePage(page)
    chat = new ChatPage(page)
    run = new RunPage(page)
    arrivals = watchPoints(page)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await provider?.close()
  })

  const seconds = () => ((performance.now() - began) / 1000).toFixed(1)
  const open = (entry: string) =>
    page
      .getByRole('navigation', { name: words('ui.navigation') })
      .getByRole('link', { name: entry })
      .click()

  test('the one-time link makes the first administrator', async () => {
    const link = /http\S+\/set-up#[\w-]+/.exec(server.logs)?.[0]
    expect(link).toBeDefined()
    await page.goto(link ?? '')
    await setUp(page, person)
    await home.untilDone(1)
    expect(await home.steps.count()).toBe(7)
  })

  test('a model is connected, tested step by step', async () => {
    await open(words('models.title'))
    const model = { baseUrl: `${provider.url}/v1`, apiKey: key, providerModel: 'stand-in', name: 'Borrowed' }
    await fillInModel(page, { ...model, apiKey: key })
    const steps = await testConnection(page)
    expect(steps).toHaveLength(5)
    for (const step of steps) expect(step).toContain(words('ui.testStep.ok'))
    await saveModel(page, 'Borrowed')
  })

  test('it answers in chat, its reasoning live and apart', async () => {
    await open(words('chat.title'))
    await chat.send('Good morning')
    await chat.reasoning.getByText(words('ui.answer.thinking')).waitFor()
    await chat.untilDone()
    await chat.reasoning.getByText(/^Thought/).waitFor()
    expect(await chat.text.innerText()).toContain('You asked: Good morning')
    expect(await chat.text.innerText()).not.toContain('The question is short')
    await home.open()
    await home.untilDone(3)
  })

  test('the sample dataset is there in one click', async () => {
    await open(words('datasets.title'))
    await page.getByRole('button', { name: words('datasets.trySample') }).click()
    // The page goes to the new dataset by itself.
    await page.waitForURL(/\/datasets\/[\w-]{36}/)
    await home.open()
    await home.untilDone(4)
  })

  test('a training with default settings is watched live', async () => {
    await open(words('training.title'))
    /* The bar has it, and so has a list that is still empty. */
    await page
      .getByRole('button', { name: words('training.new') })
      .first()
      .click()
    const start = page.getByRole('button', { name: words('training.form.start') })
    await until(() => start.isEnabled(), { timeoutMs: 60_000, what: 'the engine' })
    await chooseDataset(page)
    await start.click()
    await page.waitForURL(/\/training\/[\w-]{36}/)
    await until(async () => (await run.logLines.count()) > 0, {
      timeoutMs: 60_000,
      what: 'a line of the log',
    })
    const first = await run.logLines.count()
    await until(async () => (await run.logLines.count()) > first, { timeoutMs: 60_000, what: 'more lines' })
    await run.state('succeeded').waitFor({ timeout: 200_000 })
    console.info(`trained after ${seconds()} s, ${arrivals.length} arrivals of points`)
    expect(arrivals.length).toBeGreaterThanOrEqual(5)
    const highest = arrivals.map(({ steps }) => Math.max(...steps))
    expect(highest.toSorted((a, b) => a - b)).toEqual(highest)
  })

  test('one click serves base and trained, and the Sample panel shows both', async () => {
    await run.serveBoth.click()
    await run.sample
      .getByRole('textbox', { name: words('training.sample.question') })
      .waitFor({ timeout: 90_000 })
    const client = server.client()
    await client.signIn(person.email, person.password)
    const { items } = await client.call('deployments.list')
    expect(items.map(({ source }) => source.kind).toSorted()).toEqual(['training-base', 'training-run'])
    expect(items[0]?.port).not.toBe(items[1]?.port)
    trainedName = items.find(({ source }) => source.kind === 'training-run')?.name ?? ''
    for (const { question, piece } of taught) {
      const said = await run.askBoth(question)
      expect(said.trained).toContain(piece)
      expect(said.base).not.toContain(piece)
    }
  })

  test('the trained model answers in chat as it was taught', async () => {
    await run.chat.click()
    await chat.field.waitFor()
    const { question, piece } = taught[0] ?? { question: '', piece: '' }
    await chat.send(question)
    await chat.untilDone(60_000)
    console.info(`first answer of the trained model in chat ${seconds()} s after the server's start`)
    expect(await chat.text.innerText()).toContain(piece)
    for (const one of taught.slice(1)) {
      await chat.startNew()
      await chat.pickModel(trainedName)
      await chat.send(one.question)
      await chat.page.locator('article.message', { hasText: one.question }).waitFor()
      await chat.untilDone(60_000)
      expect(await chat.text.innerText()).toContain(one.piece)
    }
    // The last question is one whose answer is taught with reasoning before it.
    await chat.reasoning.getByText(/^Thought/).waitFor()
    await home.open()
    await home.untilDone(7)
  })

  test('what both say to what neither has seen is shown, not judged', async () => {
    await open(words('training.title'))
    await page.getByRole('row').nth(1).click()
    for (const question of unseen) {
      const said = await run.askBoth(question)
      console.info(`${question}\n  base: ${short(said.base)}\n  trained: ${short(said.trained)}`)
    }
  })
})

/** The beginning of an answer on one line, for the protocol. */
function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 240 ? `${line.slice(0, 240)} …` : line
}

/** Chooses the sample, where the form has not done so by itself. */
async function chooseDataset(page: Page): Promise<void> {
  const field = page.getByRole('combobox', { name: words('training.form.dataset') })
  const chosen = page.locator('.el-select__placeholder:not(.is-transparent)')
  if ((await chosen.count()) > 0) return
  await field.click()
  await page.getByRole('option').first().click()
}
