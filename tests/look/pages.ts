import type { Page } from 'playwright-core'
import { signInStep, toCodes, toSecret } from './sign-in-steps.ts'

export interface LookPage {
  name: string
  path: string
  /** Visited without a session. */
  public?: boolean
  /** Left out on the empty instance. */
  seededOnly?: boolean
  /** Console errors that belong to this state: what the server answers with an error is noted by the browser. */
  expectsErrors?: boolean
  /** Brings the page into the state that is to be seen. */
  prepare?: (page: Page) => Promise<void>
}

const untilPath = (page: Page, prefix: string) =>
  page.waitForURL((url) => url.pathname.startsWith(prefix) && url.pathname.length > prefix.length)

/** Follows the first link whose address begins so: the way to a page whose address holds an id. */
const openFirst = (prefix: string) => async (page: Page) => {
  await page
    .locator(`main a[href^="${prefix}"]`)
    .filter({ hasNot: page.locator(`[href="${prefix}new"]`) })
    .first()
    .click({ timeout: 5_000 })
  await untilPath(page, prefix)
}

/** Opens the first row of a table, whose rows are no links. */
const openRow = async (page: Page) => {
  await page.locator('main tbody tr.row').first().click({ timeout: 5_000 })
}

/** The conversation of this title: by the list, or on a phone by its address from home. */
const openConversation = (title: string) => async (page: Page) => {
  const link = page.locator('main a[href^="/chat/"]', { hasText: title }).first()
  if (!(await link.isVisible())) {
    await page.locator('header .actions > .icon-button').nth(1).click({ timeout: 5_000 })
    await page.locator('.an-drawer a[href^="/chat/"]', { hasText: title }).click({ timeout: 5_000 })
  } else await link.click()
  await untilPath(page, '/chat/')
}

/** The seeded project of runs. */
const openProject = async (page: Page) => {
  await page.locator('main a[href$="/support"]').first().click({ timeout: 5_000 })
  await page.waitForURL((url) => url.pathname.endsWith('/support'))
}

/** The newest run of the seeded project, at one of its tabs. */
const openTrackedRun = (tab: string) => async (page: Page) => {
  await openProject(page)
  await page.locator('main a[href*="/support/runs/"]').first().click({ timeout: 5_000 })
  await untilPath(page, '/tracking/')
  await page.locator('main [role="tab"]').first().waitFor({ timeout: 5_000 })
  const order = ['charts', 'log', 'config', 'environment', 'hardware', 'media', 'files']
  await page.locator('main [role="tab"]').nth(order.indexOf(tab)).click({ timeout: 5_000 })
}

/** The dialog for sharing, by the menu of the first row. */
const openShare = async (page: Page) => {
  await page.locator('main tbody tr.row [aria-haspopup="menu"]').first().click({ timeout: 5_000 })
  const items = page.locator('[role="menu"]:popover-open [role="menuitem"]')
  await items.filter({ hasText: /^(Share|共享)$/ }).click({ timeout: 5_000 })
  await page.locator('.el-dialog [role="combobox"]').first().waitFor({ timeout: 5_000 })
}

const press = (selector: string) => async (page: Page) => {
  await page.locator(selector).first().click({ timeout: 5_000 })
}

/** The list of comparisons. */
const openRuns = async (page: Page) => {
  await page.locator('main .actions .runs-button').click({ timeout: 5_000 })
  await page.locator('.el-drawer.open').waitFor({ timeout: 5_000 })
}

/** A comparison of the list, by the beginning of its title. */
const openRun = (title: string) => async (page: Page) => {
  await openRuns(page)
  await page.locator('.el-drawer.open a', { hasText: title }).first().click({ timeout: 5_000 })
  await untilPath(page, '/compare/')
}

export const pages: LookPage[] = [
  { name: 'sign-in', path: '/sign-in', public: true },
  { name: 'set-up', path: '/set-up', public: true },
  { name: 'home', path: '/' },
  { name: 'chat', path: '/chat' },
  { name: 'conversation', path: '/chat', seededOnly: true, prepare: openConversation('Count roles') },
  { name: 'conversation-table', path: '/chat', seededOnly: true, prepare: openConversation('Full training') },
  { name: 'compare', path: '/compare' },
  { name: 'comparison', path: '/compare', seededOnly: true, prepare: openRun('Torque') },
  {
    name: 'comparison-diff',
    path: '/compare',
    seededOnly: true,
    prepare: async (page) => {
      await openRun('Torque')(page)
      await page.locator('.switch').last().click({ timeout: 5_000 })
    },
  },
  { name: 'comparison-zh', path: '/compare', seededOnly: true, prepare: openRun('夹爪') },
  { name: 'comparison-runs', path: '/compare', prepare: openRuns },
  { name: 'comparison-gone', path: '/compare/01900000-0000-7000-8000-000000000000', expectsErrors: true },
  { name: 'prompts', path: '/prompts' },
  { name: 'prompt-new', path: '/prompts', prepare: press('main .actions button.el-button--primary') },
  { name: 'prompt', path: '/prompts/support-reply', seededOnly: true },
  { name: 'prompt-diff', path: '/prompts/support-reply?tab=diff&from=3', seededOnly: true },
  { name: 'prompt-uses', path: '/prompts/support-reply?tab=uses', seededOnly: true },
  { name: 'prompt-labels', path: '/prompts/support-reply?tab=labels', seededOnly: true },
  { name: 'prompt-gone', path: '/prompts/no-such-prompt' },
  { name: 'datasets', path: '/datasets' },
  { name: 'datasets-none', path: '/datasets?format=sharegpt&state=failed', seededOnly: true },
  { name: 'dataset', path: '/datasets', seededOnly: true, prepare: openFirst('/datasets/') },
  { name: 'tracking', path: '/tracking' },
  { name: 'tracking-project', path: '/tracking', seededOnly: true, prepare: openProject },
  {
    name: 'tracking-log-run',
    path: '/tracking',
    seededOnly: true,
    prepare: press('main .actions button.el-button--primary'),
  },
  ...(['charts', 'log', 'config', 'environment', 'hardware', 'media', 'files'] as const).map(
    (tab): LookPage => ({
      name: `tracked-run-${tab}`,
      path: '/tracking',
      seededOnly: true,
      prepare: openTrackedRun(tab),
    }),
  ),
  { name: 'tracking-gone', path: '/tracking/nobody/nothing', expectsErrors: true },
  { name: 'training', path: '/training' },
  { name: 'training-none', path: '/training?base=hub', seededOnly: true },
  { name: 'training-new', path: '/training/new' },
  { name: 'run-failed', path: '/training?state=failed', seededOnly: true, prepare: openFirst('/training/') },
  {
    name: 'run-stopped',
    path: '/training?state=stopped',
    seededOnly: true,
    prepare: openFirst('/training/'),
  },
  { name: 'models', path: '/models' },
  { name: 'connections', path: '/models?tab=connections' },
  {
    name: 'connection',
    path: '/models?tab=connections',
    seededOnly: true,
    prepare: openRow,
    expectsErrors: true,
  },
  { name: 'connection-new', path: '/models?tab=connections', prepare: press('main .actions button') },
  { name: 'model-new', path: '/models', prepare: press('main .actions button.el-button--primary') },
  { name: 'model', path: '/models', seededOnly: true, prepare: openRow },
  { name: 'deployments', path: '/deployments' },
  { name: 'deployments-none', path: '/deployments?state=failed', seededOnly: true },
  { name: 'gateway-keys', path: '/gateway' },
  { name: 'gateway-key-new', path: '/gateway', prepare: press('main .actions button.el-button--primary') },
  { name: 'gateway-try', path: '/gateway/try' },
  { name: 'gateway-try-python', path: '/gateway/try?language=python' },
  { name: 'gateway-calls', path: '/gateway/calls' },
  { name: 'gateway-calls-none', path: '/gateway/calls?state=interrupted' },
  { name: 'users', path: '/users' },
  { name: 'user', path: '/users', prepare: openRow },
  { name: 'invitations', path: '/users/invitations' },
  { name: 'invite', path: '/users', prepare: press('main .actions button.el-button--primary') },
  { name: 'roles', path: '/users/roles' },
  { name: 'role-new', path: '/users/roles', prepare: press('main .actions button.el-button--primary') },
  { name: 'groups', path: '/users/groups' },
  { name: 'group', path: '/users/groups', seededOnly: true, prepare: openRow },
  { name: 'group-new', path: '/users/groups', prepare: press('main .actions button.el-button--primary') },
  { name: 'share', path: '/datasets', seededOnly: true, prepare: openShare },
  { name: 'my-profile', path: '/me/profile' },
  { name: 'my-security', path: '/me/security' },
  { name: 'my-sessions', path: '/me/sessions' },
  ...[
    { name: 'sign-in-code', prepare: signInStep('second-factor', ['totp', 'recovery-code']) },
    { name: 'sign-in-passkey', prepare: signInStep('second-factor', ['passkey', 'totp']) },
    { name: 'sign-in-enrol', prepare: signInStep('enrol', ['totp', 'passkey']) },
    { name: 'sign-in-enrol-app', prepare: signInStep('enrol', ['totp', 'passkey'], toSecret) },
    { name: 'sign-in-codes', prepare: signInStep('enrol', ['totp', 'passkey'], toCodes) },
    { name: 'sign-in-new-password', prepare: signInStep('new-password', ['new-password']) },
  ].map((one) => ({ ...one, path: '/sign-in', public: true })),
  { name: 'invitation-bad', path: `/invite#${'x'.repeat(43)}`, public: true, expectsErrors: true },
  { name: 'audit', path: '/audit' },
  { name: 'audit-event', path: '/audit', prepare: openRow },
  { name: 'usage', path: '/usage' },
  { name: 'settings', path: '/settings' },
  { name: 'not-found', path: '/no-such-page' },
  { name: 'conversation-gone', path: '/chat/01900000-0000-7000-8000-000000000000', expectsErrors: true },
  { name: 'run-gone', path: '/training/01900000-0000-7000-8000-000000000000', expectsErrors: true },
]
