import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage } from './support/stage.ts'

const KB = 1024
let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

/** Bytes of script on the wire, headers aside, until the page is quiet; and how they were compressed. */
async function load(page: Page, path: string): Promise<{ bytes: number; encodings: Set<string> }> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  // The limits are said for gzip, so that is what the browser asks for.
  await session.send('Network.setExtraHTTPHeaders', { headers: { 'accept-encoding': 'gzip' } })
  const scripts = new Set<string>()
  const encodings = new Set<string>()
  let bytes = 0
  session.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type !== 'Script' && !response.mimeType.includes('javascript')) return
    scripts.add(requestId)
    encodings.add(String(response.headers['content-encoding'] ?? 'none'))
  })
  session.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength
  })
  await page.goto(stage.server.baseUrl + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForLoadState('networkidle')
  return { bytes, encodings }
}

test('sign-in brings less than 130 KB of script, home less than 200 KB', async () => {
  const signIn = await stage.openBlank({ anonymous: true })
  const first = await load(signIn, '/sign-in')
  const home = await load(await stage.openBlank(), '/')
  console.info(
    `script, gzip: sign-in ${(first.bytes / KB).toFixed(1)} KB, home ${(home.bytes / KB).toFixed(1)} KB`,
  )
  expect(first.bytes).toBeGreaterThan(20 * KB)
  expect(first.bytes).toBeLessThan(130 * KB)
  expect(home.bytes).toBeGreaterThan(first.bytes)
  expect(home.bytes).toBeLessThan(200 * KB)
  // Only chunks too small to gain by it come as they are.
  expect([...first.encodings, ...home.encodings]).toContain('gzip')
})
