import type { Page } from 'playwright-core'
import { words } from '../support/words.ts'

/** The page of one connection: what it offers, what was added, what lies on an Ollama server. */
export class ConnectionPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  tab(name: string) {
    return this.page.getByRole('tab', { name })
  }

  /** Chooses these of the offered models and adds them in one go. */
  async add(names: string[]): Promise<void> {
    for (const name of names) await this.page.getByRole('button', { name, exact: true }).click()
    await this.page
      .getByRole('toolbar')
      .getByRole('button', { name: words('models.addChosen', { n: names.length }) })
      .click()
  }

  row(name: string) {
    return this.page.getByRole('row').filter({ hasText: name })
  }

  async pull(name: string): Promise<void> {
    await this.page.getByLabel(words('models.local.pullName')).fill(name)
    await this.page.getByRole('button', { name: words('models.local.start') }).click()
  }

  pullRow(name: string) {
    return this.page
      .getByRole('list', { name: words('models.local.pulls') })
      .getByRole('listitem')
      .filter({ hasText: name })
  }

  /** Deletes a model from the server, its name typed. */
  async deleteLocal(name: string): Promise<void> {
    await this.row(name).getByRole('button').click()
    await this.page.getByRole('menuitem', { name: words('models.local.delete') }).click()
    const dialog = this.page.getByRole('dialog')
    await dialog.getByRole('textbox').fill(name)
    await dialog.getByRole('button', { name: words('models.local.delete') }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
}
