import type { Page } from 'playwright-core'
import { words } from '../support/words.ts'

export interface NewModel {
  baseUrl: string
  apiKey: string
  providerModel: string
  name: string
}

/** Fills in the drawer of a new model, as far as it can be tested. */
export async function fillInModel(page: Page, model: NewModel): Promise<void> {
  await page
    .getByRole('button', { name: words('models.add') })
    .first()
    .click()
  await page.getByLabel(words('models.baseUrl')).fill(model.baseUrl)
  await page.getByLabel(words('models.apiKey'), { exact: true }).fill(model.apiKey)
  await page.getByRole('combobox', { name: words('models.providerModel') }).click()
  await page.getByRole('option', { name: model.providerModel, exact: true }).click()
  await page.getByLabel(words('models.shownName')).fill(model.name)
}

/** Tests the connection and gives the words of its steps, each with its state. */
export async function testConnection(page: Page): Promise<string[]> {
  const rail = page.getByRole('region', { name: words('models.test') })
  await rail.getByRole('button').click()
  await rail.getByText(/^(Works|Works, with a remark|Does not work yet)$/).waitFor()
  return rail.getByRole('listitem').allInnerTexts()
}

export async function saveModel(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: words('ui.save') }).click()
  await page.getByRole('row').filter({ hasText: name }).waitFor()
}
