import type { Locator, Page } from 'playwright-core'
import { words } from '../support/words.ts'

/** The comparison of models, as a person uses it. */
export class ComparePage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  get field(): Locator {
    return this.page.locator('form.prompt-box textarea')
  }
  /** A pane by its letter. */
  pane(letter: string): Locator {
    return this.page.getByRole('region', { name: words('compare.pane', { letter }), exact: true })
  }
  answer(letter: string): Locator {
    return this.pane(letter).locator('article.answer')
  }
  /** A pane's text without its reasoning. */
  text(letter: string): Locator {
    return this.answer(letter).locator('.markdown').first()
  }
  state(letter: string, key: string): Locator {
    return this.pane(letter)
      .locator('.pane-head')
      .getByText(words(`compare.${key}`), { exact: true })
  }
  meter(letter: string): Locator {
    return this.pane(letter).getByRole('group', { name: words('compare.meterOf', { letter }) })
  }
  choice(key: string, letter = ''): Locator {
    return this.page.getByRole('button', { name: words(`compare.${key}`, { letter }) })
  }
  get stopAll(): Locator {
    return this.page.getByRole('button', { name: words('compare.stopAll') })
  }

  async ask(text: string): Promise<void> {
    await this.field.fill(text)
    await this.page.getByRole('button', { name: words('compare.ask'), exact: true }).click()
  }
  async pick(letter: string, model: string): Promise<void> {
    await this.pane(letter).locator('button.picker').click()
    await this.page.getByRole('menuitemradio', { name: model }).click()
  }
  async addPane(): Promise<void> {
    await this.page.getByRole('button', { name: words('compare.addPane') }).click()
  }
  async openRuns(): Promise<Locator> {
    await this.page.getByRole('button', { name: words('compare.runs') }).click()
    return this.page.getByRole('dialog', { name: words('compare.runsTitle') })
  }
  async switchDiff(): Promise<void> {
    await this.page.locator('label.switch', { hasText: words('compare.diff') }).click()
  }
}
