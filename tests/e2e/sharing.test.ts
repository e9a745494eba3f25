import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { signIn } from './pages/sign-in-page.ts'
import { openStage, type Stage } from './support/stage.ts'
import { words } from './support/words.ts'

const password = 'four blue kettles in the rain'
let stage: Stage

beforeAll(async () => {
  stage = await openStage()
  for (const name of ['Mira', 'Nora'])
    await stage.client.call('auth.createUser', {
      body: { email: `${name.toLowerCase()}@example.com`, name, role: 'member', password },
    })
})
afterAll(() => stage.close())
afterEach(() => stage.closePages())

async function openAs(name: string, path: string): Promise<Page> {
  const page = await stage.openAnonymous(`/sign-in?to=${encodeURIComponent(path)}`)
  await signIn(page, `${name}@example.com`, password)
  await page.waitForURL((url) => url.pathname === path)
  return page
}
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const dialog = (page: Page) => page.getByRole('dialog')

async function openShare(page: Page, menu: string): Promise<void> {
  await page.getByRole('button', { name: menu }).click()
  await page.getByRole('menuitem', { name: words('access.share.action'), exact: true }).click()
  await dialog(page).getByText(words('access.share.have')).waitFor()
}

test('a prompt is shared with a person by keyboard, is there for them at once, and goes again', async () => {
  const prompt = await stage.client.call('prompts.create', {
    body: { name: 'greeting', text: 'Hello', visibility: 'private' },
  })
  const guest = await openAs('mira', '/prompts')
  const link = guest.getByRole('link', { name: prompt.name })
  expect(await link.count()).toBe(0)
  const page = await stage.open('/prompts')
  await openShare(page, words('prompts.actionsFor', { name: prompt.name }))
  await dialog(page)
    .getByRole('combobox', { name: words('access.share.add') })
    .fill('mira')
  await dialog(page).getByRole('option', { name: 'Mira' }).waitFor()
  await page.keyboard.press('Enter')
  await button(page, words('ui.save')).click()
  await page.getByText(words('access.share.saved')).first().waitFor()
  await link.waitFor()
  await openShare(guest, words('prompts.actionsFor', { name: prompt.name }))
  await dialog(guest)
    .getByText(words('access.share.readOnly', { name: 'admin' }))
    .waitFor()
  await button(guest, words('ui.close')).last().click()
  await openShare(page, words('prompts.actionsFor', { name: prompt.name }))
  await button(page, words('access.share.remove', { name: 'Mira' })).click()
  // What is not saved is asked about.
  await page.keyboard.press('Escape')
  await dialog(page).getByText(words('access.share.unsaved')).waitFor()
  await button(page, words('access.share.goOn')).click()
  await button(page, words('ui.save')).click()
  await link.waitFor({ state: 'detached' })
})

test('a group is made with a member, whom something reaches through it', async () => {
  const page = await stage.open('/users/groups')
  await button(page, words('access.groups.create')).first().click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel(words('access.groups.name')).fill('Research')
  await drawer.getByRole('button', { name: words('access.groups.create') }).click()
  const picker = drawer.getByRole('combobox', { name: words('access.groups.addMembers') })
  await picker.fill('nora')
  await drawer.getByRole('option', { name: 'Nora' }).waitFor()
  await picker.press('Enter')
  await button(page, words('access.groups.remove', { name: 'Nora' })).waitFor()
  const groups = await stage.client.call('access.listGroups')
  expect(groups.items).toMatchObject([{ name: 'Research', members: 1, workspace: 'Research' }])
  const params = { kind: 'model' as const, id: stage.model.id }
  const grants = [{ subject: { kind: 'group' as const, id: groups.items[0]!.id }, action: 'use' as const }]
  await stage.client.call('access.setAccess', {
    params,
    body: { version: 1, visibility: 'groups', grants },
  })
  const seen = async (name: string) => {
    const guest = await openAs(name, '/models')
    await guest.waitForLoadState('networkidle')
    return guest.getByText(stage.model.name, { exact: true }).count()
  }
  expect(await seen('nora')).toBeGreaterThan(0)
  expect(await seen('mira')).toBe(0)
  await button(page, words('access.groups.remove', { name: 'Nora' })).click()
  await page
    .getByText(words('access.groups.removed', { name: 'Nora' }))
    .first()
    .waitFor()
  await button(page, words('ui.undo')).click()
  await button(page, words('access.groups.remove', { name: 'Nora' })).waitFor()
})

test('an own role is made by its permissions in words, and is deleted with another for who has it', async () => {
  const page = await stage.open('/users/roles')
  await button(page, words('access.roles.create')).first().click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel(words('access.roles.name')).fill('Writer')
  await drawer.getByText(words('users.permission.prompts.write'), { exact: true }).click()
  const read = drawer.getByRole('checkbox', { name: words('users.permission.prompts.read') })
  expect([await read.isChecked(), await read.isDisabled()]).toEqual([true, true])
  await drawer.getByRole('button', { name: words('access.roles.create') }).click()
  await page
    .getByText(words('access.roles.created', { name: 'Writer' }))
    .first()
    .waitFor()
  const { items } = await stage.client.call('auth.listRoles')
  const writer = items.find(({ name }) => name === 'Writer')
  expect(writer?.permissions).toEqual(['prompts.read', 'prompts.write'])
  await stage.client.call('auth.createUser', {
    body: { email: 'olga@example.com', name: 'Olga', role: writer!.id, password },
  })
  const olga = await openAs('olga', '/prompts')
  await olga
    .locator('aside nav')
    .getByRole('link', { name: words('prompts.title') })
    .waitFor()
  expect(
    await olga
      .locator('aside nav')
      .getByRole('link', { name: words('models.title') })
      .count(),
  ).toBe(0)
  await page.reload()
  await page.getByRole('button', { name: words('access.roles.actionsFor', { name: 'Writer' }) }).click()
  await page.getByRole('menuitem', { name: words('ui.delete') }).click()
  await dialog(page)
    .getByLabel(words('ui.typeName', { name: 'Writer' }))
    .fill('Writer')
  await button(page, words('ui.delete')).last().click()
  await page
    .getByText(words('access.roles.deleted', { name: 'Writer' }))
    .first()
    .waitFor()
  const { items: users } = await stage.client.call('auth.listUsers', { query: { search: 'olga' } })
  expect(users).toMatchObject([{ role: 'member' }])
})

test('a shared conversation is read by its link, and gone on with in a copy', async () => {
  const { id } = await stage.client.call('chat.createConversation', { body: { title: 'Plans' } })
  await stage.client.call('chat.send', { params: { id }, body: { text: 'What now?', answer: false } })
  const params = { kind: 'conversation' as const, id }
  await stage.client.call('access.setAccess', {
    params,
    body: { version: 1, visibility: 'everyone', grants: [] },
  })
  const guest = await openAs('mira', `/chat/${id}`)
  await guest.getByText('What now?').waitFor()
  await guest.getByText(words('access.share.from', { name: 'admin' })).waitFor()
  expect(await guest.getByRole('textbox', { name: words('chat.write') }).count()).toBe(0)
  await button(guest, words('access.share.copyChat')).click()
  await guest.waitForURL((url) => url.pathname.startsWith('/chat/') && !url.pathname.endsWith(id))
  await guest.getByText('What now?').waitFor()
})
