import { startProviderStandIn, type ProviderStandIn, type StandInOptions } from '@anneal/providers/testing'
import type { RouteReply } from '@anneal/contract'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchBrowser, openContext, signInContext, type View } from '../../support/browser.ts'
import type { Client } from '../../support/client.ts'
import { admin, startServer, type ServerOptions, type TestServer } from '../../support/server.ts'

export type Model = RouteReply<'models.get'>

export interface StageOptions {
  server?: ServerOptions
  standIn?: StandInOptions
  /** More flags for Chromium. */
  flags?: string[]
}

/** A server, a provider stand-in with a model of it, and a browser. */
export interface Stage {
  server: TestServer
  client: Client
  provider: ProviderStandIn
  model: Model
  browser: Browser
  /** A page of a fresh browser profile, signed in as the administrator, at this path. */
  open: (path: string, view?: View) => Promise<Page>
  /** The same, before it goes anywhere. */
  openBlank: (view?: View & { anonymous?: boolean }) => Promise<Page>
  /** As `open`, without a session. */
  openAnonymous: (path: string, view?: View) => Promise<Page>
  /** One more tab of the same profile. */
  openTab: (context: BrowserContext, path: string) => Promise<Page>
  /** Ends all profiles with their pages. */
  closePages: () => Promise<void>
  close: () => Promise<void>
}

/** Adds a connection to the stand-in, and a model of it under this name. */
export async function connectStandIn(
  client: Client,
  provider: ProviderStandIn,
  name = 'stand-in',
): Promise<Model> {
  const connection = await client.call('models.createConnection', {
    body: {
      name: `connection of ${name}`,
      provider: 'openai-compatible',
      baseUrl: `${provider.url}/v1`,
      apiKey: 'sk-for-the-stand-in',
    },
  })
  return client.call('models.create', {
    body: { name, connectionId: connection.id, providerModel: 'stand-in' },
  })
}

/** Sets up what a browser test plays on; close it at the end. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const [server, provider, browser] = await Promise.all([
    startServer(options.server),
    startProviderStandIn(options.standIn),
    launchBrowser(options.flags),
  ])
  const client = await server.adminClient()
  const model = await connectStandIn(client, provider)
  const openTab = async (context: BrowserContext, path: string) => {
    const page = await context.newPage()
    await page.goto(server.baseUrl + path)
    return page
  }
  const openAnonymous = async (path: string, view?: View) => openTab(await openContext(browser, view), path)
  const openBlank: Stage['openBlank'] = async ({ anonymous, ...view } = {}) => {
    const context = await openContext(browser, view)
    if (anonymous) return context.newPage()
    await signInContext(context, server.baseUrl, admin)
    // The page asks for a session only where it once had one.
    await context.addInitScript(() => localStorage.setItem('anneal.signed-in', '1'))
    return context.newPage()
  }
  const open = async (path: string, view?: View) => {
    const page = await openBlank(view)
    await page.goto(server.baseUrl + path)
    return page
  }
  const closePages = async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
  }
  const close = async () => {
    await browser.close()
    await Promise.all([server.close(), provider.close()])
  }
  return {
    server,
    client,
    provider,
    model,
    browser,
    open,
    openBlank,
    openAnonymous,
    openTab,
    closePages,
    close,
  }
}
