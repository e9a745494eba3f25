import type { Locator, Page } from 'playwright-core'
import { words } from '../support/words.ts'

/** The chat, as a person uses it. */
export class ChatPage {
  readonly page: Page
  readonly field: Locator
  readonly answers: Locator

  constructor(page: Page) {
    this.page = page
    this.field = page.getByRole('textbox', { name: words('chat.write') })
    this.answers = page.locator('article.answer')
  }

  /** The last answer: its article. */
  get answer(): Locator {
    return this.answers.last()
  }
  /** The answer's own text, without its reasoning. */
  get text(): Locator {
    return this.answer.locator('.markdown-view, .markdown').first()
  }
  get reasoning(): Locator {
    return this.answer.getByRole('region', { name: words('ui.answer.reasoning') })
  }
  get stopButton(): Locator {
    return this.page.getByRole('button', { name: words('chat.stop'), exact: true })
  }

  async send(text: string): Promise<void> {
    await this.field.fill(text)
    await this.page.getByRole('button', { name: words('chat.send'), exact: true }).click()
  }

  /** Until the last answer has ended: its meter stands under it. */
  async untilDone(timeout = 20_000): Promise<void> {
    await this.answer.and(this.page.locator('[aria-busy="false"]')).waitFor({ timeout })
    await this.answer.locator('footer').waitFor({ timeout })
  }

  /** The entry of a conversation in the list, by the beginning of its title. */
  entry(title: string): Locator {
    return this.list.locator('.item').filter({ hasText: title })
  }
  get list(): Locator {
    return this.page.getByRole('navigation', { name: words('chat.conversations') })
  }
  async choose(title: string, action: 'rename' | 'delete'): Promise<void> {
    const entry = this.entry(title)
    await entry.hover()
    await entry.getByRole('button').click()
    await this.page.getByRole('menuitem', { name: words(`ui.${action}`) }).click()
  }

  async startNew(): Promise<void> {
    await this.list.getByRole('button', { name: words('chat.new'), exact: true }).click()
    await this.page.waitForURL('**/chat')
    await this.answers.first().waitFor({ state: 'detached' })
  }

  async pickModel(name: string): Promise<void> {
    await this.page.locator('button.picker').click()
    await this.page.getByRole('menuitemradio', { name }).click()
  }
}
