import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright-core'
import { collectErrors } from '../support/browser.ts'
import type { LookPage } from './pages.ts'

export interface Finding {
  errors: string[]
  /** Serious and critical faults of axe: rule and how many elements. */
  faults: string[]
  /** How many pixels the page is wider than its window. */
  sideways: number
  /** Bytes of script that came over the wire until the page was quiet. */
  scriptBytes: number
  /** Milliseconds of the longest task of the main thread. */
  longestTask: number
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeResult {
  violations: { id: string; impact: string | null; nodes: { target: unknown[] }[] }[]
}

/** Adds up the script bytes on the wire; a browser's own counter, as headers and compression count too. */
async function countScripts(context: BrowserContext, page: Page): Promise<() => number> {
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  const scripts = new Set<string>()
  let bytes = 0
  session.on('Network.responseReceived', (event) => {
    if (event.type === 'Script' || event.response.mimeType.includes('javascript'))
      scripts.add(event.requestId)
  })
  session.on('Network.loadingFinished', (event) => {
    if (scripts.has(event.requestId)) bytes += event.encodedDataLength
  })
  return () => bytes
}

// Runs in the page, before anything of it.
const watchTasks = () => {
  const longest = { value: 0 }
  Object.assign(window, { annealLongestTask: longest })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longest.value = Math.max(longest.value, entry.duration)
  }).observe({ type: 'longtask', buffered: true })
}

// Runs in the page: whether anything that is in sight still waits for what it shows.
const isComplete = () =>
  document.querySelector('main [class*="skeleton"], main .waiting, main [aria-busy="true"]') === null &&
  [...document.images].every((image) => image.complete || !image.checkVisibility())

/** Until nothing moves: fonts there, nothing in sight that waits, no request under way. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: 10_000 }).catch(() => undefined)
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await page.waitForFunction(isComplete, undefined, { timeout: 8_000 }).catch(() => undefined)
}

async function axeFaults(page: Page): Promise<string[]> {
  // As an expression of the tool's own, which the page's content policy does not touch.
  await page.evaluate(axe)
  const run = 'axe.run(document, { resultTypes: ["violations"] })'
  const { violations } = (await page.evaluate(run)) as AxeResult
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id} (${nodes.length}: ${String(nodes[0]?.target[0])})`)
}

/** Opens a page, takes its picture and says what is wrong with it. */
export async function inspect(
  context: BrowserContext,
  baseUrl: string,
  look: LookPage,
  picture: string,
): Promise<Finding> {
  const page = await context.newPage()
  const errors = collectErrors(page)
  const scriptBytes = await countScripts(context, page)
  await page.addInitScript(watchTasks)
  try {
    await page.goto(baseUrl + look.path)
    await settle(page)
    if (look.prepare) {
      await look
        .prepare(page)
        .catch((error: unknown) => errors.push(`prepare: ${String(error).split('\n')[0]}`))
      await settle(page)
    }
    await page.screenshot({ path: picture, animations: 'disabled' })
    const measured = await page.evaluate(() => ({
      sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      longestTask:
        (window as unknown as { annealLongestTask?: { value: number } }).annealLongestTask?.value ?? 0,
    }))
    return { errors, scriptBytes: scriptBytes(), ...measured, faults: await axeFaults(page) }
  } finally {
    await page.close()
  }
}
