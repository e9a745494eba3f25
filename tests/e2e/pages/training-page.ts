import type { Locator, Page } from 'playwright-core'
import { words } from '../support/words.ts'

/** The list of training runs. */
export class TrainingPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }
  row(name: string): Locator {
    return this.page.locator('main tbody tr.row').filter({
      has: this.page.getByRole('link', { name, exact: true }),
    })
  }
  /** Chooses a value of one of the chips above the list. */
  async filter(chip: string, value: string): Promise<void> {
    await this.page.getByRole('button', { name: new RegExp(`^${chip}`) }).click()
    await this.page.getByRole('menuitemradio', { name: value }).click()
  }
  async open(name: string): Promise<void> {
    await this.page.getByRole('link', { name, exact: true }).click()
    await this.page.waitForURL(/\/training\/[\w-]{36}/)
  }
}

/** What a run that failed shows above all: the cause, and what to try. */
export class FailurePage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }
  cause(text: string): Locator {
    return this.page.locator('section.failure').getByRole('heading', { name: text })
  }
  get markedLines(): Locator {
    return this.page.getByRole('log', { name: words('training.failed.logTitle') }).locator('.line.marked')
  }
  get fromCheckpoint(): Locator {
    return this.page.locator('section.failure .el-checkbox')
  }
  choice(title: string): Locator {
    return this.page.getByRole('radio', { name: new RegExp(`^${title}`) })
  }
  button(text: string): Locator {
    return this.page.getByRole('button', { name: text, exact: true })
  }
}
