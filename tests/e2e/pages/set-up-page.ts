import type { Page } from 'playwright-core'
import { words } from '../support/words.ts'

/** Makes the first administrator by the form behind the one-time link. */
export async function setUp(
  page: Page,
  person: { name: string; email: string; password: string },
): Promise<void> {
  await page.getByLabel(words('auth.name')).fill(person.name)
  await page.getByLabel(words('auth.email')).fill(person.email)
  await page.getByLabel(words('auth.password'), { exact: true }).fill(person.password)
  await page.getByRole('button', { name: words('auth.createAdministrator') }).click()
}
