import type { Page } from 'playwright-core'

export interface LookPage {
  name: string
  path: string
  /** Visited without a session. */
  public?: boolean
  /** Left out on the empty instance. */
  seededOnly?: boolean
  /** Brings the page into the state that is to be seen. */
  prepare?: (page: Page) => Promise<void>
}

/** Follows the first link whose address begins so: the way to a page whose address holds an id. */
const openFirst = (prefix: string) => async (page: Page) => {
  await page.locator(`main a[href^="${prefix}"]`).first().click({ timeout: 5_000 })
  await page.waitForURL(`**${prefix}*`)
}

export const pages: LookPage[] = [
  { name: 'sign-in', path: '/sign-in', public: true },
  { name: 'home', path: '/' },
  { name: 'chat', path: '/chat' },
  { name: 'conversation', path: '/chat', seededOnly: true, prepare: openFirst('/chat/') },
  { name: 'datasets', path: '/datasets' },
  { name: 'dataset', path: '/datasets', seededOnly: true, prepare: openFirst('/datasets/') },
  { name: 'training', path: '/training' },
  { name: 'training-new', path: '/training/new' },
  { name: 'training-run', path: '/training', seededOnly: true, prepare: openFirst('/training/') },
  { name: 'models', path: '/models' },
  { name: 'model', path: '/models', seededOnly: true, prepare: openFirst('/models/') },
  { name: 'deployments', path: '/deployments' },
  { name: 'audit', path: '/audit' },
  { name: 'account', path: '/me/keys' },
]
