import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { ChatPage } from './pages/chat-page.ts'
import { connectStandIn, openStage, type Stage } from './support/stage.ts'

// Each would call `annealProbe` if it ran, or ask a foreign address if it were loaded.
const foreign = 'http://probe.example'
const probes = [
  '<script>annealProbe()</script>',
  `<img src="${foreign}/a.png" onerror="annealProbe()">`,
  '<svg onload="annealProbe()"></svg>',
  `<iframe src="${foreign}/frame" srcdoc="<script>parent.annealProbe()</script>"></iframe>`,
  '<details open ontoggle="annealProbe()"><summary>x</summary></details>',
  `<style>@import url(${foreign}/a.css);</style>`,
  '"><b onmouseover="annealProbe()">x</b>',
  '{{ constructor.constructor("annealProbe()")() }}',
]
const probe = probes.join(' ')
const markdown = [
  ...probes,
  '[a link](javascript:annealProbe())',
  '[another](data:text/html;base64,PHNjcmlwdD5hbm5lYWxQcm9iZSgpPC9zY3JpcHQ+)',
  '<a href="javascript:annealProbe()">raw link</a>',
  `![an image](${foreign}/b.png)`,
  '![x](x "onerror=annealProbe()")',
  `<math><mtext><style><img src onerror=annealProbe()></style></mtext></math>`,
  '```html\n<script>annealProbe()</script>\n```',
  '$\\href{javascript:annealProbe()}{x}$ and $\\htmlData{x=annealProbe()}{y}$',
  '**the end**',
].join('\n\n')

let stage: Stage

beforeAll(async () => {
  stage = await openStage({ standIn: { reply: () => ({ reasoning: markdown, text: markdown }) } })
})
afterAll(() => stage.close())
afterEach(() => stage.closePages())

interface Watch {
  ran: () => number
  foreignRequests: string[]
  /** Scripts that stand or would run: elements and attributes that must not be there. */
  dangerous: () => Promise<string[]>
}

/** Notes what runs and what is asked for from elsewhere; call it before the page is opened. */
async function watch(page: Page): Promise<Watch> {
  let ran = 0
  const foreignRequests: string[] = []
  await page.exposeFunction('annealProbe', () => void ran++)
  page.on('dialog', (dialog) => void dialog.dismiss())
  page.on('request', (request) => {
    const url = request.url()
    const isOwn = url.startsWith(stage.server.baseUrl) || /^(data|blob|about):/.test(url)
    if (!isOwn) foreignRequests.push(url)
  })
  const dangerous = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('#app *')].flatMap((element) => {
        const bad = [...element.attributes].filter(
          ({ name, value }) => /^on/i.test(name) || /^\s*(javascript|data:text)/i.test(value),
        )
        const isScript = ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED'].includes(element.tagName)
        return isScript || bad.length > 0 ? [element.outerHTML.slice(0, 200)] : []
      }),
    )
  return { ran: () => ran, foreignRequests, dangerous }
}

async function open(path: string): Promise<{ page: Page; seen: Watch }> {
  const page = await stage.openBlank()
  const seen = await watch(page)
  await page.goto(stage.server.baseUrl + path)
  return { page, seen }
}

async function expectHarmless(seen: Watch): Promise<void> {
  expect(await seen.dangerous()).toEqual([])
  expect(seen.foreignRequests).toEqual([])
  expect(seen.ran()).toBe(0)
}

test('the probe itself is noticed where it runs', async () => {
  const { page, seen } = await open('/chat')
  await page.evaluate('annealProbe()')
  await until(() => seen.ran() === 1, { what: 'the probe' })
})

test('nothing runs from a title, a message, a reasoning or an answer', async () => {
  const { id } = await stage.client.call('chat.createConversation', {
    body: { title: probe.slice(0, 200), systemPrompt: markdown },
  })
  const { page, seen } = await open(`/chat/${id}`)
  const chat = new ChatPage(page)
  await chat.send(markdown)
  await chat.untilDone()
  await chat.text.locator('strong', { hasText: 'the end' }).waitFor()
  await chat.reasoning.getByRole('button').first().click()
  for (const link of await chat.text.locator('a').all()) await link.click({ trial: true, timeout: 2_000 })
  await expectHarmless(seen)
  await page.reload()
  await chat.text.locator('strong', { hasText: 'the end' }).waitFor()
  await expectHarmless(seen)
})

test('nothing runs from the rows of a dataset, good and bad, nor from its name', async () => {
  const rows = [
    JSON.stringify({
      messages: [
        { role: 'user', content: markdown },
        { role: 'assistant', content: probe },
      ],
    }),
    JSON.stringify({ messages: [{ role: '<script>annealProbe()</script>', content: probe }] }),
    `not json ${probe}`,
  ]
  const dataset = await stage.client.call('datasets.upload', {
    query: { name: probe.slice(0, 190) },
    body: `${rows.join('\n')}\n` as never,
  })
  const read = () => stage.client.call('datasets.get', { params: { id: dataset.id } })
  await until(async () => (await read()).state === 'ready', { what: 'the check' })
  for (const [path, sign] of [
    ['/datasets', '<svg onload'],
    [`/datasets/${dataset.id}`, '<svg onload'],
    [`/datasets/${dataset.id}/checks`, 'not json'],
    [`/training/new?dataset=${dataset.id}`, '<svg onload'],
  ] as const) {
    const { page, seen } = await open(path)
    await page.locator('main').getByText(sign).first().waitFor()
    await expectHarmless(seen)
    await page.close()
  }
})

test('nothing runs from the name of a model', async () => {
  await connectStandIn(stage.client, stage.provider, probe.slice(0, 180))
  for (const path of ['/models', '/models?tab=connections', '/', '/chat']) {
    const { page, seen } = await open(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    if (path === '/chat') await page.locator('button.picker').click()
    /* A closed filter names it too. */
    const named = page.locator('main').getByText('annealProbe').filter({ visible: true })
    if (path !== '/') await named.first().waitFor()
    await expectHarmless(seen)
    await page.close()
  }
})
