import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openContext } from '../support/browser.ts'
import { freePort } from '../support/ports.ts'
import { admin } from '../support/server.ts'
import { ChatPage } from './pages/chat-page.ts'
import { signIn, untilHome } from './pages/sign-in-page.ts'
import { openStage, type Stage } from './support/stage.ts'
import { words } from './support/words.ts'

// As in a company's network: http, under a host name, so that browsers withhold what needs a secure context.
const host = 'anneal.corp.example'
let stage: Stage
let page: Page

beforeAll(async () => {
  const port = await freePort()
  stage = await openStage({
    server: { port, env: { ANNEAL_PUBLIC_URL: `http://${host}:${port}` } },
    flags: [`--host-resolver-rules=MAP ${host} 127.0.0.1`],
    standIn: { reply: () => ({ text: 'Copy me, all of me.' }) },
  })
  page = await (await openContext(stage.browser)).newPage()
  await page.goto(`http://${host}:${port}/`)
})
afterAll(() => stage.close())

test('sign-in, chat and copying work without a secure context', async () => {
  await signIn(page, admin.email, admin.password)
  await untilHome(page)
  expect(await page.evaluate(() => [isSecureContext, 'locks' in navigator])).toEqual([false, false])
  await page.getByRole('link', { name: words('chat.title'), exact: true }).click()
  const chat = new ChatPage(page)
  await chat.send('Something to copy')
  await chat.untilDone()
  await chat.answer.getByRole('button', { name: words('ui.copy'), exact: true }).click()
  await chat.answer.getByRole('button', { name: words('ui.copied') }).waitFor()
  await chat.field.click()
  await page.keyboard.press('Control+v')
  expect(await chat.field.inputValue()).toBe('Copy me, all of me.')
})

test('the session outlives a reload there', async () => {
  await page.goto(page.url().replace(/\/chat.*/, '/'))
  await untilHome(page)
})
