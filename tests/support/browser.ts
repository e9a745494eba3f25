import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core'
import { findChromium } from './chromium.ts'

// Chromium as root, without calls of its own to the outside.
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const SIGNED_IN_MARK = 'anneal.signed-in'

/**
 * Launches the Chromium that is installed, with a fresh profile.
 * @throws Error where none is found.
 */
export function launchBrowser(moreFlags: string[] = []): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('no Chromium: install one or set ANNEAL_TEST_CHROMIUM')
  return chromium.launch({ executablePath, headless: true, args: [...FLAGS, ...moreFlags] })
}

export interface View {
  language?: 'en' | 'zh'
  theme?: 'light' | 'dark'
  width?: number
  height?: number
}

/** A context of a fresh person, whose page comes up in the given language, theme and size. */
export async function openContext(
  browser: Browser,
  view: View = {},
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const { language = 'en', theme = 'light', width = 1440, height = 900 } = view
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    colorScheme: theme,
    ...options,
  })
  await context.addInitScript(
    ([chosenLanguage, chosenTheme]) => {
      // Only at first: what the person then chooses in the page holds.
      if (!localStorage.getItem('anneal.language')) localStorage.setItem('anneal.language', chosenLanguage)
      if (!localStorage.getItem('anneal.theme')) localStorage.setItem('anneal.theme', chosenTheme)
    },
    [language, theme] as const,
  )
  return context
}

/** Signs the context in by the API, so that its pages find the session's cookie. */
export async function signInContext(
  context: BrowserContext,
  baseUrl: string,
  credentials: { email: string; password: string },
): Promise<void> {
  const response = await context.request.post(`${baseUrl}/api/v1/auth/sign-in`, {
    data: credentials,
    headers: { origin: baseUrl },
  })
  if (!response.ok()) throw new Error(`sign-in answered ${response.status()}: ${await response.text()}`)
  // The page asks for a new token only where this mark says that somebody was signed in.
  const page = await context.newPage()
  await page.goto(`${baseUrl}/api/v1/health`)
  await page.evaluate((mark) => localStorage.setItem(mark, '1'), SIGNED_IN_MARK)
  await page.close()
}

/** Collects what a page complains of: console errors and uncaught exceptions. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  return errors
}
