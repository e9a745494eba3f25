import type { Locator, Page } from 'playwright-core'
import { words } from '../support/words.ts'

/** Home with its checklist. */
export class HomePage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }
  async open(): Promise<void> {
    await this.page
      .getByRole('link', { name: words('ui.home'), exact: true })
      .first()
      .click()
    await this.page.getByRole('heading', { name: words('home.title'), level: 1 }).waitFor()
  }
  /** Until the checklist counts so many steps as done. */
  untilDone(done: number): Promise<void> {
    return this.page.getByText(words('home.checklistDone', { done, all: 7 }), { exact: true }).waitFor()
  }
  get steps(): Locator {
    return this.page.getByRole('list', { name: words('home.checklist') }).getByRole('listitem')
  }
}
