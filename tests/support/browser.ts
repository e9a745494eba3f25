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
      localStorage.setItem('anneal.language', chosenLanguage)
      localStorage.setItem('anneal.theme', chosenTheme)
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
