import type { Locator, Page } from 'playwright-core'
import { words } from '../support/words.ts'

/** A project's page: its runs and their charts; and a run's page. */
export class TrackingPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  get runs(): Locator {
    return this.page.getByRole('table', { name: words('tracking.runs') }).getByRole('row')
  }
  runLink(name: string): Locator {
    return this.page.getByRole('link', { name, exact: true })
  }
  get filter(): Locator {
    return this.page.getByRole('searchbox', { name: words('tracking.filterRuns') })
  }
  get keyFilter(): Locator {
    return this.page.getByRole('textbox', { name: words('tracking.filterKeys') })
  }
  get resetZoom(): Locator {
    return this.page.getByRole('button', { name: words('tracking.resetZoom') })
  }
  /** The chart of a key, once it is drawn. */
  chart(key: string): Locator {
    return this.page
      .getByRole('article')
      .filter({ has: this.page.getByRole('heading', { name: key, exact: true }) })
  }
  tab(name: string): Locator {
    return this.page.getByRole('tab', { name: words(`tracking.tabs.${name}`) })
  }

  /** What the chart says of itself in words: its curves with their figures. */
  async summaryOf(key: string): Promise<string> {
    return (await this.chart(key).getByRole('group').getAttribute('aria-label')) ?? ''
  }

  /** Drags over a part of a chart, in shares of its width. */
  async drag(key: string, from: number, to: number): Promise<void> {
    const box = await this.chart(key).locator('.u-over').boundingBox()
    if (!box) throw new Error(`no chart of ${key}`)
    const y = box.y + box.height / 2
    await this.page.mouse.move(box.x + box.width * from, y)
    await this.page.mouse.down()
    await this.page.mouse.move(box.x + box.width * to, y, { steps: 4 })
    await this.page.mouse.up()
  }

  /** Points at a place of a chart; what stands beside the cursor is there then. */
  async pointAt(key: string, share: number): Promise<Locator> {
    const over = this.chart(key).locator('.u-over')
    const box = await over.boundingBox()
    await over.hover({ position: { x: (box?.width ?? 0) * share, y: 20 } })
    return this.chart(key).locator('.tip')
  }
}
