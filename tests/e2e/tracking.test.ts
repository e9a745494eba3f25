import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { SdkSession } from '../../scripts/seed/sdk-session.ts'
import { until } from '../support/until.ts'
import { TrackingPage } from './pages/tracking-page.ts'
import { openStage, type Stage } from './support/stage.ts'
import { words } from './support/words.ts'

let stage: Stage
let sdk: SdkSession

/** A loss that falls from `high` to half of it. */
const curve = (key: string, count: number, high: number) =>
  Array.from({ length: count }, (_, at) => ({
    key,
    index: at + 1,
    data: high * (1 - at / (2 * count)),
    at: Date.now() - (count - at) * 1000,
  }))

async function logRun(project: string, name: string, config: Record<string, unknown>, high: number) {
  const run = await sdk.startRun(project, { name })
  await run.profile({ config })
  await run.scalars([...curve('train/loss', 400, high), ...curve('eval/accuracy', 40, high)])
  await run.lines([{ text: `${name} begins`, at: Date.now() }])
  return run
}

beforeAll(async () => {
  stage = await openStage()
  sdk = await SdkSession.open(stage.client)
}, 60_000)
afterAll(() => stage.close())
afterEach(() => stage.closePages())

const open = async (path: string) => new TrackingPage(await stage.open(path))
const pathOf = (project: string) => `/tracking/${sdk.workspace}/${project}`

test('a script that logs here appears by itself, and draws as it goes on', async () => {
  await sdk.project('live')
  await logRun('live', 'first', { lr: 2e-4, seed: 1 }, 2)
  const tracking = await open(pathOf('live'))
  await tracking.runLink('first').waitFor()
  await tracking.chart('train/loss').locator('canvas').waitFor()

  const second = await logRun('live', 'second', { lr: 1e-4, seed: 1 }, 4)
  await tracking.runLink('second').waitFor()
  await until(async () => (await tracking.summaryOf('train/loss')).includes('second'), {
    what: 'the curve of the run that came later',
  })
  await tracking.page.getByText(words('tracking.settingsDiffer', { n: 1 })).waitFor()
  await tracking.page.getByText(words('tracking.runCount', { n: 2 }), { exact: true }).waitFor()

  await second.scalars([{ key: 'train/loss', index: 401, data: 0.0625, at: Date.now() }])
  await until(async () => (await tracking.summaryOf('train/loss')).includes('0.0625'), {
    what: 'the point that was logged while the page was open',
  })
  await second.end('FINISHED')
  await tracking.runs
    .filter({ has: tracking.runLink('second') })
    .getByText(words('tracking.states.finished'))
    .waitFor()
})

test('charts are filtered, pointed at together, zoomed and brought back', async () => {
  await sdk.project('charts')
  await (await logRun('charts', 'one', {}, 2)).end('FINISHED')
  await (await logRun('charts', 'two', {}, 4)).end('FINISHED')
  const tracking = await open(pathOf('charts'))
  await tracking.chart('train/loss').locator('canvas').waitFor()
  await tracking.chart('eval/accuracy').locator('canvas').waitFor()

  const tip = await tracking.pointAt('train/loss', 0.5)
  await tip.getByText('one').waitFor()
  await tip.getByText('two').waitFor()
  expect(await tracking.chart('eval/accuracy').locator('.tip').count()).toBe(0)

  await tracking.drag('train/loss', 0.25, 0.5)
  await tracking.resetZoom.waitFor()
  const zoom = new URL(tracking.page.url()).searchParams.get('zoom') ?? ''
  const [from = 0, to = 0] = zoom.split('~').map(Number)
  expect(from).toBeGreaterThan(60)
  expect(to).toBeLessThan(260)
  await until(async () => !(await tracking.summaryOf('train/loss')).includes('from 2.0000'), {
    what: 'the part that was dragged over',
  })
  await tracking.resetZoom.click()
  await until(async () => (await tracking.summaryOf('train/loss')).includes('from 2.0000'), {
    what: 'the whole curve',
  })

  await tracking.keyFilter.fill('^train/')
  await tracking.chart('eval/accuracy').waitFor({ state: 'detached' })
  await tracking.page.waitForURL((url) => url.searchParams.get('f') === '^train/')
  await tracking.page.reload()
  await tracking.chart('train/loss').locator('canvas').waitFor()
  expect(await tracking.chart('eval/accuracy').count()).toBe(0)
})

test('runs are found by a setting, hidden from the charts, and opened', async () => {
  await sdk.project('table')
  await (await logRun('table', 'small', { rank: 8 }, 2)).end('FINISHED')
  await (await logRun('table', 'large', { rank: 32 }, 4)).end('CRASHED')
  const tracking = await open(pathOf('table'))
  await tracking.runLink('small').waitFor()
  await tracking.filter.fill('rank > 16')
  await tracking.runLink('small').waitFor({ state: 'detached' })
  await tracking.filter.fill('rank > 64')
  await tracking.page.getByText(words('tracking.filterHides', { n: 2 })).waitFor()
  await tracking.page.getByRole('button', { name: words('ui.clearFilter') }).click()
  await tracking.runLink('small').waitFor()

  await tracking.page.getByRole('button', { name: words('tracking.hideRun', { name: 'small' }) }).click()
  await until(async () => !(await tracking.summaryOf('train/loss')).includes('small'), {
    what: 'the charts without the run',
  })
  await tracking.runLink('large').click()
  await tracking.page.getByText(words('tracking.crashed')).waitFor()
  await tracking.tab('config').click()
  await tracking.page.getByText('rank', { exact: true }).waitFor()
  await tracking.tab('log').click()
  await tracking.page.getByText('large begins').waitFor()
})

test('a run that is deleted comes back by undo', async () => {
  await sdk.project('undo')
  await (await logRun('undo', 'kept', {}, 2)).end('FINISHED')
  const tracking = await open(pathOf('undo'))
  await tracking.runLink('kept').click()
  const menu = words('tracking.actionsFor', { name: 'kept' })
  await tracking.page.getByRole('button', { name: menu }).click()
  await tracking.page.getByRole('menuitem', { name: words('tracking.deleteRun') }).click()
  await tracking.page.getByText(words('tracking.noRuns')).waitFor()
  await tracking.page.getByRole('button', { name: words('ui.undo'), exact: true }).click()
  await tracking.runLink('kept').waitFor()
})

test('a key is made on the page, and what is shown of it logs a run', async () => {
  const tracking = await open('/tracking')
  await tracking.page.getByRole('button', { name: words('tracking.logARun') }).click()
  await tracking.page.getByRole('button', { name: words('tracking.logRun.makeKey') }).click()
  const key = tracking.page.locator('code.key')
  await key.waitFor()
  const login = await fetch(`${stage.server.baseUrl}/api/login/api_key`, {
    method: 'POST',
    headers: { authorization: (await key.innerText()).trim() },
  })
  expect(login.status).toBe(200)
  await tracking.page.getByText(`host="${stage.server.baseUrl}"`).waitFor()
})
