import type { Role } from '@anneal/contract'
import type { Locator, Page } from 'playwright-core'
import { words } from '../support/words.ts'

/** The page of users and roles, as an administrator uses it. */
export class UsersPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  row(text: string): Locator {
    return this.page.locator('main tbody tr.row').filter({ hasText: text })
  }
  get drawer(): Locator {
    return this.page.locator('.an-drawer:visible')
  }
  toast(text: string | RegExp): Locator {
    return this.page.locator('.toast').filter({ hasText: text })
  }

  async choose(text: string, action: string): Promise<void> {
    await this.row(text).locator('td.tail button').first().click()
    await this.page.getByRole('menuitem', { name: words(action), exact: true }).click()
  }

  /** Makes an invitation and gives its link, as it is shown once. */
  async invite(email: string, role: Role): Promise<string> {
    await this.page.getByRole('button', { name: words('users.invite.action'), exact: true }).click()
    await this.drawer.getByLabel(words('auth.email')).fill(email)
    await this.drawer.getByRole('radio', { name: words(`auth.role.${role}`) }).check()
    await this.drawer.getByRole('button', { name: words('users.invite.make') }).click()
    const link = await this.shownLink(this.drawer)
    await this.drawer.getByRole('button', { name: words('users.invite.finish') }).click()
    await this.drawer.waitFor({ state: 'detached' })
    return link
  }

  shownLink(within: Locator): Promise<string> {
    return within.getByLabel(words('users.link.field')).inputValue()
  }

  async giveRole(text: string, role: Role): Promise<void> {
    await this.row(text).click()
    await this.drawer.getByRole('radio', { name: words(`auth.role.${role}`) }).check()
    await this.drawer.getByRole('button', { name: words('ui.save'), exact: true }).click()
  }

  async confirm(label: string): Promise<void> {
    await this.page
      .getByRole('dialog')
      .getByRole('button', { name: words(label), exact: true })
      .click()
  }
}

/** Fills in the page that an invitation's link leads to. */
export async function acceptInvitation(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel(words('auth.name')).fill(name)
  await page.getByLabel(words('auth.password'), { exact: true }).fill(password)
  await page.getByRole('button', { name: words('auth.invite.accept') }).click()
}
