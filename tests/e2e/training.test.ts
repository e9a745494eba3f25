import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { EngineFixture, type Run } from '../../apps/server/src/modules/training/testing/fixture.ts'
import { launchBrowser, openContext, signInContext, type View } from '../support/browser.ts'
import { admin } from '../support/server.ts'
import { until } from '../support/until.ts'
import { FailurePage, TrainingPage } from './pages/training-page.ts'
import { words } from './support/words.ts'

let fixture: EngineFixture
let browser: Awaited<ReturnType<typeof launchBrowser>>
let failed: Run
let stopped: Run

beforeAll(async () => {
  ;[fixture, browser] = await Promise.all([EngineFixture.open(), launchBrowser()])
  failed = await fixture.ended((await fixture.start('no memory', 9)).id)
  const { id } = await fixture.start('tone', 5000)
  await fixture.run(id, (run) => run.step >= 2)
  await fixture.admin.call('training.stop', { params: { id } })
  stopped = await fixture.ended(id)
}, 120_000)
afterAll(async () => {
  await browser.close()
  await fixture.close()
}, 60_000)
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())))

async function open(path: string, view?: View) {
  const context = await openContext(browser, view)
  await signInContext(context, fixture.server.baseUrl, admin)
  const page = await context.newPage()
  await page.goto(fixture.server.baseUrl + path)
  return page
}

test('runs are narrowed by state and name, the address keeps it, and nothing left says so', async () => {
  const page = await open('/training')
  const list = new TrainingPage(page)
  await list.row('no memory').waitFor()
  await list.filter(words('training.filterState'), words('training.filters.states.stopped'))
  await list.row('no memory').waitFor({ state: 'detached' })
  await list.row('tone').waitFor()
  await page.reload()
  await list.row('tone').waitFor()
  expect(await list.row('no memory').count()).toBe(0)
  await list.filter(words('training.filters.base'), words('training.filters.bases.hub'))
  await page.getByText(words('training.noneTitle')).waitFor()
  await page.getByRole('button', { name: words('ui.clearAll') }).click()
  await list.row('no memory').waitFor()
  expect(new URL(page.url()).search).toBe('')
})

test('a failed run says why with its lines, and is tried again in one click from what it kept', async () => {
  const page = await open('/training?state=failed')
  await new TrainingPage(page).open('no memory')
  const failure = new FailurePage(page)
  const title = words('training.errors.HOST_OOM.title')
  await failure.cause(words('training.failed.at', { title, step: '3' })).waitFor()
  await failure.markedLines.filter({ hasText: 'DefaultCPUAllocator' }).waitFor()
  const { batchSize, gradientAccumulation } = failed.settings
  expect(await failure.choice(words('training.failed.smallerBatch')).isChecked()).toBe(true)
  await failure.button(words('training.retryFrom', { step: '3' })).click()
  await page.getByText(words('training.retried', { name: 'no memory (2)' })).waitFor()
  await page.getByText(words('training.resumedFrom', { name: 'no memory', step: '3' })).waitFor()
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  const next = await fixture.ended(id)
  expect(next.state).toBe('succeeded')
  expect(next.settings).toEqual({
    ...failed.settings,
    batchSize: Math.floor(batchSize / 2),
    gradientAccumulation: gradientAccumulation * 2,
  })
})

test('the form opens filled in with what to try, without a checkpoint where that is unchecked', async () => {
  const page = await open(`/training/${failed.id}`)
  const failure = new FailurePage(page)
  await failure.choice(words('training.failed.shorter')).check()
  await failure.fromCheckpoint.click()
  await failure.button(words('training.failed.change')).click()
  await page.waitForURL((url) => url.pathname === '/training/new')
  const length = page.getByRole('textbox', { name: words('training.form.maxLength') })
  await until(async () => (await length.inputValue()) === String(failed.settings.maxLength / 2), {
    what: 'half the length',
  })
  expect(await page.getByText(words('training.resumedFrom', { name: 'no memory', step: '3' })).count()).toBe(
    0,
  )
})

test('a stopped run is gone on from with more steps', async () => {
  const page = await open(`/training/${stopped.id}`, { width: 390, height: 844 })
  const goOn = words('training.goOnFrom', { step: stopped.step.toLocaleString('en') })
  await page.getByRole('button', { name: goOn }).click()
  await page.getByText(words('training.resumedFrom', { name: 'tone', step: String(stopped.step) })).waitFor()
  const steps = page.getByRole('textbox', { name: words('training.form.steps'), exact: true })
  await steps.fill(String(stopped.step))
  await page.getByText(words('training.form.moreSteps', { step: String(stopped.step) })).waitFor()
  await steps.fill(String(stopped.step + 5))
  await page.getByRole('button', { name: words('training.form.start') }).click()
  await page.waitForURL(/\/training\/[\w-]{36}/)
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  expect(await fixture.ended(id)).toMatchObject({ state: 'succeeded', step: stopped.step + 5 })
})
