import type { Locator, Page, WebSocket } from 'playwright-core'
import { words } from '../support/words.ts'

interface Arrival {
  at: number
  steps: number[]
}

/** Notes each frame of the page's socket that brings points of the loss; call it before the page opens its socket. */
export function watchPoints(page: Page): Arrival[] {
  const arrivals: Arrival[] = []
  const onFrame = (text: string) => {
    const messages = JSON.parse(text) as { type: string; series?: { key: string; step: number[] }[] }[]
    const steps = messages
      .filter(({ type }) => type === 'points')
      .flatMap(({ series = [] }) => series.flatMap(({ key, step }) => (key === 'train/loss' ? step : [])))
    if (steps.length > 0) arrivals.push({ at: Date.now(), steps })
  }
  page.on('websocket', (socket: WebSocket) =>
    socket.on('framereceived', ({ payload }) => onFrame(String(payload))),
  )
  return arrivals
}

/** The page of one training run. */
export class RunPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }
  /** The badge of the run's state in the header. */
  state(state: string): Locator {
    return this.page.locator('.page-header').getByText(words(`training.states.${state}`), { exact: true })
  }
  get logLines(): Locator {
    return this.page.getByRole('log', { name: words('training.log.title') }).locator('.line')
  }
  get sample(): Locator {
    return this.page
      .locator('section.rail-section')
      .filter({ has: this.page.getByRole('heading', { name: words('training.sample.title') }) })
  }
  get serveBoth(): Locator {
    return this.sample.getByRole('button', { name: words('training.sample.serveBoth') })
  }
  get chat(): Locator {
    return this.page
      .locator('.rail-section .actions')
      .getByRole('button', { name: words('training.checkpoints.chat') })
  }
  /** Asks both models in the Sample panel and gives what each says, once both have ended. */
  async askBoth(question: string): Promise<{ base: string; trained: string }> {
    await this.sample.getByRole('textbox', { name: words('training.sample.question') }).fill(question)
    await this.sample.getByRole('button', { name: words('training.sample.send') }).click()
    await this.sample.locator('.asked', { hasText: question }).waitFor()
    const blocks = this.sample.locator('.answers section.block')
    const ended = this.sample.locator('.answers section.block[aria-busy="false"]')
    await blocks.nth(1).waitFor()
    await ended.nth(1).waitFor({ timeout: 90_000 })
    const sides = await blocks.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))
    if (sides[0] !== words('training.sample.base')) throw new Error(`first is ${sides[0]}`)
    // Of the base all that it shows, folded reasoning too; of the trained one what is read as its answer.
    const base = (await blocks.first().textContent()) ?? ''
    return { base, trained: await blocks.nth(1).locator('.answer-body').innerText() }
  }
}
