import type { Page } from 'playwright-core'
import { words } from '../support/words.ts'

/** The page of one prompt. */
export class PromptPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  get editor() {
    return this.page.getByRole('textbox', { name: words('prompts.text'), exact: true })
  }

  get versions() {
    return this.page.getByRole('list', { name: words('prompts.versions') })
  }

  get diff() {
    return this.page.getByRole('table', { name: words('prompts.tabs.diff') })
  }

  saveButton(version: number) {
    return this.page
      .getByRole('banner')
      .or(this.page.locator('main'))
      .getByRole('button', {
        name: words('prompts.saveAs', { version }),
        exact: true,
      })
  }

  async show(tab: 'text' | 'diff' | 'uses' | 'labels'): Promise<void> {
    await this.page
      .getByRole('radiogroup', { name: words('prompts.view') })
      .getByText(words(`prompts.tabs.${tab}`), { exact: true })
      .click()
  }

  /** Saves the draft with what changed. */
  async save(version: number, message: string): Promise<void> {
    await this.page.keyboard.press('Control+s')
    const dialog = this.page.getByRole('dialog', { name: words('prompts.saveTitle', { version }) })
    await dialog.getByLabel(words('prompts.message')).fill(message)
    await dialog.getByRole('button', { name: words('prompts.saveAs', { version }) }).click()
    await dialog.waitFor({ state: 'hidden' })
  }

  async moveLabel(reason: string): Promise<void> {
    await this.page.getByRole('button', { name: words('prompts.moveLabel') }).click()
    const dialog = this.page.getByRole('dialog', { name: words('prompts.moveTitle') })
    await dialog.getByLabel(words('prompts.reason')).fill(reason)
    await dialog.getByRole('button', { name: /^Move to v/ }).click()
    await dialog.waitFor({ state: 'hidden' })
  }

  /** Runs what is shown on a message and gives the results. */
  async run(message: string) {
    await this.page.getByLabel(words('prompts.tryMessage'), { exact: true }).fill(message)
    await this.page.getByRole('button', { name: words('prompts.run') }).click()
    return this.page.locator('.try-result')
  }
}

/** The list of prompts: makes one, and goes to its page. */
export async function createPrompt(page: Page, prompt: { name: string; text: string }): Promise<PromptPage> {
  await page
    .getByRole('button', { name: words('prompts.add') })
    .first()
    .click()
  await page.getByLabel(words('prompts.name'), { exact: true }).fill(prompt.name)
  await page.getByLabel(words('prompts.text'), { exact: true }).fill(prompt.text)
  await page.getByRole('button', { name: words('prompts.create') }).click()
  await page.waitForURL((url) => url.pathname === `/prompts/${prompt.name}`)
  return new PromptPage(page)
}
