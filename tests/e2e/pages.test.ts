import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { seed } from '../../scripts/seed.ts'
import { pages, type LookPage } from '../look/pages.ts'
import { collectErrors } from '../support/browser.ts'
import { admin } from '../support/server.ts'
import { openStage, type Stage } from './support/stage.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]

interface AxeResult {
  violations: { id: string; impact: string | null; nodes: { target: unknown[]; failureSummary?: string }[] }[]
}

let stage: Stage

beforeAll(async () => {
  stage = await openStage({ server: { engine: 'stand-in' } })
  await seed(stage.server.baseUrl, admin)
})
afterAll(() => stage.close())
afterEach(() => stage.closePages())

/** Serious and critical faults of the page as it stands: rule and first element. */
async function faults(page: Page): Promise<string[]> {
  // As an expression of the tool's own, which the page's content policy does not touch.
  const { violations } = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] })',
  )) as AxeResult
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id} at ${String(nodes[0]?.target[0])} (${nodes.length})`)
}

/** Until nothing moves: no skeleton in sight, no animation under way. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.waitForFunction(
    () =>
      document.querySelector('[class*="skeleton"]') === null &&
      document.getAnimations().every((one) => one.effect?.getTiming().iterations === Infinity),
  )
}

/** Brings a page into the state that is to be seen. */
async function bring(page: Page, look: LookPage): Promise<void> {
  // As the system is, so that a page can be seen in both.
  await page.addInitScript(() => localStorage.setItem('anneal.theme', 'system'))
  await page.goto(stage.server.baseUrl + look.path)
  await settle(page)
  await look.prepare?.(page)
  await settle(page)
  await page.evaluate(axe)
}

/** What the page says against itself: broken content policy, exceptions, refused requests. */
const complaints = (errors: string[], look: LookPage) =>
  errors.filter((error) => !(look.expectsErrors && error.startsWith('Failed to load resource')))

/** Faults in both themes; the page is loaded once and follows the system. */
async function faultsInBothThemes(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.waitForFunction(
      (isDark) => document.documentElement.classList.contains('dark') === isDark,
      colorScheme === 'dark',
    )
    await settle(page)
    found.push(...(await faults(page)).map((fault) => `${colorScheme}: ${fault}`))
  }
  return found
}

describe.each(pages.map((look, index) => ({ name: look.name, look, index })))('$name', ({ look, index }) => {
  test.each(sizes)('has no serious fault in either theme, $width wide', async (size) => {
    const language = (index + (size.width === 390 ? 1 : 0)) % 2 === 0 ? 'en' : 'zh'
    const page = await stage.openBlank({ language, ...size, anonymous: look.public })
    const errors = collectErrors(page)
    await bring(page, look)
    const found = await faultsInBothThemes(page)
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect({ found, errors: complaints(errors, look), sideways }).toEqual({
      found: [],
      errors: [],
      sideways: 0,
    })
  })
})
