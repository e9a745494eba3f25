import type { Locator, Page } from 'playwright-core'
import { words } from '../support/words.ts'

/** Keys, a call to try, and the last calls. */
export class GatewayPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Makes a key that may call models, and gives it as it is shown, once. */
  async createKey(name: string): Promise<string> {
    await this.page
      .getByRole('button', { name: words('gateway.keys.create') })
      .first()
      .click()
    await this.page.getByLabel(words('gateway.keys.name')).fill(name)
    await this.page
      .getByRole('dialog')
      .getByRole('button', { name: words('gateway.keys.create') })
      .click()
    return (await this.page.getByTestId('new-key').innerText()).trim()
  }

  key(name: string): Locator {
    return this.page.getByRole('row').filter({ hasText: name })
  }

  async revoke(name: string): Promise<void> {
    await this.key(name).getByRole('button').click()
    await this.page.getByRole('menuitem', { name: words('gateway.keys.revoke') }).click()
    await this.page
      .getByRole('dialog')
      .getByRole('button', { name: words('gateway.keys.revoke') })
      .click()
  }

  async openTab(tab: 'keys' | 'try' | 'calls'): Promise<void> {
    await this.page.getByRole('link', { name: words(`gateway.tabs.${tab}`), exact: true }).click()
    await this.page.waitForURL(new RegExp(`/gateway/${tab}`))
  }

  get reply(): Locator {
    return this.page.getByRole('region', { name: words('gateway.try.reply') })
  }

  async run(question: string): Promise<void> {
    await this.page.getByRole('textbox', { name: words('gateway.try.question') }).fill(question)
    await this.page.getByRole('button', { name: words('gateway.try.run') }).click()
  }

  get snippet(): Locator {
    return this.page.locator('.code-block pre')
  }

  call(text: string): Locator {
    return this.page.getByRole('row').filter({ hasText: text })
  }
}
