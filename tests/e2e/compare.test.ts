import type { FailMode } from '@anneal/providers/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { ComparePage } from './pages/compare-page.ts'
import { openStage, type Stage } from './support/stage.ts'
import { words } from './support/words.ts'

const count = (n: number) => Array.from({ length: n }, (_, index) => `word${index + 1}`).join(' ')
const long = count(200)
const replies: Record<string, string> = {
  alpha: 'The arm stops at 4.8 kg.',
  beta: 'The arm never stops at 3.5 kg, it only waits.',
  gamma: 'The arm stops at 4.8 kg.',
}
const failures: Record<string, FailMode> = { alpha: 401, beta: 'cut-off', gamma: 'stall-between-tokens' }

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
  const { connectionId } = stage.model
  for (const name of Object.keys(replies))
    await stage.client.call('models.create', { body: { name, connectionId, providerModel: name } })
})
afterAll(() => stage.close())
afterEach(() => stage.closePages())
beforeEach(() =>
  stage.provider.set({
    reply: ({ model, prompt }) => ({
      reasoning: `I am ${model}.`,
      text: prompt.startsWith('long') ? long : (replies[model] ?? model),
    }),
    tokenDelayMs: 0,
    fail: undefined,
  }),
)

async function openCompare(path = '/compare'): Promise<ComparePage> {
  const compare = new ComparePage(await stage.open(path))
  await compare.field.waitFor()
  return compare
}

/** Three panes, each with its own model. */
async function openThree(): Promise<ComparePage> {
  const compare = await openCompare()
  await compare.addPane()
  await compare.pick('A', 'alpha')
  await compare.pick('B', 'beta')
  await compare.pick('C', 'gamma')
  return compare
}

test('three models answer side by side; the vote is kept, changed, and closed by the next prompt', async () => {
  const compare = await openThree()
  await compare.ask('Why does it stop?')
  await compare.page.waitForURL(/\/compare\/.+/)
  for (const [letter, model] of [
    ['A', 'alpha'],
    ['B', 'beta'],
    ['C', 'gamma'],
  ] as const) {
    await compare.state(letter, 'done').waitFor()
    expect((await compare.text(letter).innerText()).trim()).toBe(replies[model])
    await compare.meter(letter).getByText(words('compare.output')).waitFor()
  }
  await compare.pane('A').locator('.pane-body').focus()
  await compare.page.keyboard.press('2')
  await until(async () => (await compare.choice('isBest', 'B').getAttribute('aria-pressed')) === 'true')
  await compare.choice('tie').click()
  await until(async () => (await compare.choice('tie').getAttribute('aria-pressed')) === 'true')
  expect(await compare.choice('isBest', 'B').getAttribute('aria-pressed')).toBe('false')

  await compare.ask('And then?')
  await compare.page.getByText(words('compare.promptOf', { at: 2, count: 2 })).waitFor()
  await compare.page.getByText(words('compare.voteOpen')).waitFor()
  await compare.page.getByRole('button', { name: words('compare.earlierPrompt') }).click()
  await compare.page.getByText(words('compare.voteClosed')).waitFor()
  expect(await compare.choice('tie').getAttribute('aria-pressed')).toBe('true')
  expect(await compare.choice('tie').isDisabled()).toBe(true)
})

test('a reload in mid-stream goes on, and asks no provider again', async () => {
  stage.provider.set({ tokenDelayMs: 15 })
  const compare = await openThree()
  const before = stage.provider.requests.length
  await compare.ask('long, please')
  await compare.page.waitForURL(/\/compare\/.+/)
  for (const letter of ['A', 'B', 'C']) await compare.text(letter).filter({ hasText: 'word10 ' }).waitFor()
  await compare.page.reload()
  for (const letter of ['A', 'B', 'C']) {
    await compare.text(letter).filter({ hasText: 'word10 ' }).waitFor()
    expect(await compare.answer(letter).getAttribute('aria-busy')).toBe('true')
  }
  for (const letter of ['A', 'B', 'C']) {
    await compare.state(letter, 'done').waitFor({ timeout: 30_000 })
    expect((await compare.text(letter).innerText()).trim()).toBe(long)
  }
  expect(stage.provider.requests.length - before).toBe(3)
})

test('a pane that fails says what to do, a silent one for how long; neither holds up another', async () => {
  stage.provider.set({ tokenDelayMs: 2, fail: ({ model }) => failures[model] })
  const compare = await openThree()
  await compare.ask('long, please')
  await compare.pane('A').getByText(words('provider.errors.unauthorized.title')).waitFor()
  await compare
    .pane('A')
    .getByRole('link', { name: words('compare.openModels') })
    .waitFor()
  await compare.pane('B').getByText(words('provider.errors.cut-off.title')).waitFor()
  expect((await compare.text('B').innerText()).trim()).toContain('word1 ')
  const silent = words('compare.silent', { time: '' }).trim()
  await compare.pane('C').getByText(silent).waitFor({ timeout: 20_000 })
  await compare.page.keyboard.press('Escape')
  await compare.state('C', 'stopped').waitFor()
  expect((await compare.text('C').innerText()).trim()).toContain('word1 ')

  stage.provider.set({ fail: undefined })
  await compare
    .pane('A')
    .getByRole('button', { name: words('ui.tryAgain') })
    .click()
  await compare.state('A', 'done').waitFor()
  expect((await compare.text('A').innerText()).trim()).toBe(long)
  await compare
    .pane('A')
    .getByText(words('compare.tryOf', { at: 2, count: 2 }))
    .waitFor()
})

test('while a pane answers, its figures run along; the next prompt says whom it waits for, and is asked then', async () => {
  stage.provider.set({
    tokenDelayMs: 2,
    fail: ({ model }) => (model === 'gamma' ? failures[model] : undefined),
  })
  const compare = await openThree()
  await compare.ask('long, please')
  await compare.state('A', 'done').waitFor()
  await compare.state('B', 'done').waitFor()
  await compare.meter('C').getByText('≈').first().waitFor()
  expect(await compare.meter('A').getByText('≈').count()).toBe(0)
  await compare.page.getByText(words('compare.waitsFor', { n: 1, panes: 'C' })).waitFor()

  await compare.field.fill('And then?')
  await compare.field.press('Enter')
  const asked = compare.page.getByText(words('compare.askedAfter', { n: 1, panes: 'C' }))
  await asked.waitFor()
  await compare.field.press('End')
  await compare.field.pressSequentially('!')
  await asked.waitFor({ state: 'detached' })
  await compare.field.press('Enter')
  await asked.waitFor()
  stage.provider.set({ fail: undefined })
  await compare.page
    .locator('.wait-line')
    .getByRole('button', { name: words('compare.stop', { letter: 'C' }) })
    .click()
  await compare.page.getByText(words('compare.promptOf', { at: 2, count: 2 })).waitFor()
  await compare.page.getByText('And then?!').waitFor()
  await compare.state('C', 'done').waitFor()
  expect(await compare.field.inputValue()).toBe('')
})

test('differences are shown against the chosen pane', async () => {
  const compare = await openThree()
  await compare.ask('Why does it stop?')
  await compare.state('C', 'done').waitFor()
  await compare.switchDiff()
  await compare.pane('B').locator('ins').first().waitFor()
  expect(await compare.pane('B').locator('ins').allInnerTexts()).toContain('never ')
  await compare.pane('C').getByText(words('compare.same')).waitFor()
  const name = words('compare.makeReference', { letter: 'B' })
  await compare.pane('B').getByRole('button', { name }).click()
  await compare.page.waitForURL(/diff=B/)
  await compare.pane('A').locator('ins').first().waitFor()
  await compare.page.reload()
  await compare.pane('A').locator('ins').first().waitFor()
})

test('a comparison is found in the list, opened as it was, deleted, and brought back', async () => {
  const compare = await openThree()
  await compare.ask('Find me again')
  await compare.state('C', 'done').waitFor()
  const address = compare.page.url()
  await compare.page.goto(`${stage.server.baseUrl}/compare`)
  const runs = await compare.openRuns()
  await runs.getByRole('textbox').fill('find me')
  await runs.getByRole('link', { name: 'Find me again' }).click()
  await compare.page.waitForURL(address)
  expect((await compare.text('B').innerText()).trim()).toBe(replies['beta'])
  const again = await compare.openRuns()
  await again.getByRole('button', { name: words('compare.actionsFor', { name: 'Find me again' }) }).click()
  await compare.page.getByRole('menuitem', { name: words('ui.delete') }).click()
  await compare.page.waitForURL(/\/compare$/)
  await compare.page.getByRole('button', { name: words('ui.undo') }).click()
  await compare.page.waitForURL(address)
  await compare.state('B', 'done').waitFor()
})

test('a pane is removed and brought back, with its answers or before it has any', async () => {
  const compare = await openThree()
  await compare.ask('Why does it stop?')
  await compare.state('C', 'done').waitFor()
  const remove = async (letter: string) => {
    await compare
      .pane(letter)
      .getByRole('button', { name: words('compare.paneActions', { letter }) })
      .click()
    await compare.page.getByRole('menuitem', { name: words('compare.removePane') }).click()
    await compare.pane('C').waitFor({ state: 'detached' })
  }
  const undo = compare.page.getByRole('button', { name: words('ui.undo') })
  await remove('B')
  await compare.text('B').filter({ hasText: replies['gamma']! }).waitFor()
  await undo.click()
  await compare.text('B').filter({ hasText: replies['beta']! }).waitFor()
  await compare.text('C').filter({ hasText: replies['gamma']! }).waitFor()
  await undo.waitFor({ state: 'detached' })
  await remove('C')
  await compare.addPane()
  await compare.pane('C').getByText(words('compare.notAsked')).waitFor()
  await remove('C')
  await undo.last().click()
  await compare.pane('C').getByText(words('compare.notAsked')).waitFor()
  await compare.page.reload()
  await compare.pane('C').getByText(words('compare.notAsked')).waitFor()
})

test('a pane takes settings of its own; a draft and the panes stay over a reload', async () => {
  const compare = await openThree()
  await compare.page.getByRole('button', { name: words('compare.setPerPane') }).click()
  const drawer = compare.page.getByRole('dialog', { name: words('compare.settings') })
  await drawer.getByText(words('compare.ownParameters')).click()
  await drawer.getByRole('textbox', { name: words('compare.temperature') }).fill('9')
  await drawer.getByText(words('compare.temperatureRange')).waitFor()
  expect(await drawer.getByRole('button', { name: words('ui.save') }).isDisabled()).toBe(true)
  await drawer.getByRole('textbox', { name: words('compare.temperature') }).fill('0.3')
  await drawer.getByRole('button', { name: words('ui.save') }).click()
  await compare.pane('A').getByText(words('compare.own'), { exact: true }).waitFor()
  await compare.field.fill('half a thou')
  await compare.page.reload()
  await compare.pane('A').getByText(words('compare.own'), { exact: true }).waitFor()
  expect(await compare.field.inputValue()).toBe('half a thou')
  await compare.pane('C').getByText('gamma').first().waitFor()
  const before = stage.provider.requests.length
  await compare.ask('Go')
  await compare.state('C', 'done').waitFor()
  const bodies = stage.provider.requests.slice(before).map(({ body }) => body)
  const temperatureOf = (model: string) => bodies.find((body) => body?.['model'] === model)?.['temperature']
  expect(temperatureOf('alpha')).toBe(0.3)
  expect(temperatureOf('beta')).toBeUndefined()
})
