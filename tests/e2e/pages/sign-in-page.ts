import type { Page } from 'playwright-core'
import { words } from '../support/words.ts'

/** Fills in the form of the sign-in page and sends it. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel(words('auth.email')).fill(email)
  await page.getByLabel(words('auth.password'), { exact: true }).fill(password)
  await page.getByRole('button', { name: words('auth.signIn'), exact: true }).click()
}

/** The greeting of the home page, which says that one is in. */
export const untilHome = (page: Page) =>
  page.getByRole('heading', { name: words('home.title'), level: 1 }).waitFor()
