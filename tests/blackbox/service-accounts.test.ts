import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'

const password = 'four blue kettles in the rain'
let server: TestServer
let root: Client
let group: string
let count = 0

async function someone(role: 'member' | 'manager' | 'viewer', inGroup?: { manages: boolean }) {
  const email = `keeper${(count += 1)}@company.test`
  const { id } = await root.call('auth.createUser', { body: { email, role, password } })
  if (inGroup) {
    await root.call('access.changeGroupMembers', {
      params: { id: group },
      body: { add: [{ userId: id, manages: inGroup.manages }] },
    })
  }
  const client = server.client()
  await client.signIn(email, password)
  return { id, email, client }
}

const make = (role = 'member') =>
  root.call('service.create', { body: { name: `Nightly job ${(count += 1)}`, role, groupId: group } })
const keyOf = (client: Client, id: string) =>
  client.call('service.createKey', { params: { id }, body: { name: 'ci' } })
const by = (token: string) => {
  const client = server.client()
  client.token = token
  return client
}

beforeAll(async () => {
  server = await startServer()
  root = await server.adminClient()
  group = (await root.call('access.createGroup', { body: { name: 'Platform' } })).id
})
afterAll(() => server?.close())

test('acts by its key under its own name, and is told apart from people', async () => {
  const account = await make()
  const { key } = await keyOf(root, account.id)
  expect(await by(key).call('auth.me')).toMatchObject({ id: account.id, name: account.name, role: 'member' })
  const { items } = await root.call('auth.listUsers', { query: { limit: 200 } })
  expect(items.find(({ id }) => id === account.id)).toMatchObject({ kind: 'service' })
  const listed = (await root.call('service.list')).items.find(({ id }) => id === account.id)
  expect(listed).toMatchObject({ groupName: 'Platform', keys: 1, may: ['edit', 'keys'] })
})

test('signs in by no way', async () => {
  const account = await make()
  const audit = await root.call('admin.audit', { query: { limit: 50, action: 'user.created' } })
  const email = String(audit.items.find(({ targetId }) => targetId === account.id)?.details['email'])
  expect(email).toMatch(/@service\.invalid$/)
  const reply = await server.client().send('auth.signIn', { body: { email, password } })
  expect(reply.status).toBe(401)
  await expect(root.call('auth.createResetLink', { params: { id: account.id } })).rejects.toMatchObject({
    code: 'service.no-person',
  })
})

test('who looks after its group keeps its keys; others of the group see it; the rest do not know of it', async () => {
  const account = await make()
  const keeper = await someone('member', { manages: true })
  const inGroup = await someone('member', { manages: false })
  const stranger = await someone('member')
  const { id: keyId, key } = await keyOf(keeper.client, account.id)
  await expect(keyOf(inGroup.client, account.id)).rejects.toMatchObject({ code: 'service.not-kept' })
  await expect(keyOf(stranger.client, account.id)).rejects.toMatchObject({
    code: 'service.account-not-found',
  })
  expect((await stranger.client.call('service.list')).items).toEqual([])
  expect((await inGroup.client.call('service.list')).items.some(({ id }) => id === account.id)).toBe(true)
  await expect(
    stranger.client.call('service.revokeKey', { params: { id: account.id, keyId } }),
  ).rejects.toMatchObject({ status: 404 })
  await expect(
    inGroup.client.call('service.revokeKey', { params: { id: account.id, keyId } }),
  ).rejects.toMatchObject({ code: 'service.not-kept' })
  expect((await by(key).send('auth.me')).status).toBe(200)

  // The key outlives whoever made it.
  await root.call('auth.updateUser', { params: { id: keeper.id }, body: { version: 1, disabled: true } })
  expect((await by(key).send('auth.me')).status).toBe(200)
  await root.call('service.revokeKey', { params: { id: account.id, keyId } })
  expect((await by(key).send('auth.me')).status).toBe(401)
})

test('nobody makes a key that may do more than they may, and no key makes another', async () => {
  const strong = await make('administrator')
  const keeper = await someone('member', { manages: true })
  await expect(keyOf(keeper.client, strong.id)).rejects.toMatchObject({ code: 'auth.role-too-high' })
  const { key } = await keyOf(root, strong.id)
  await expect(keyOf(by(key), strong.id)).rejects.toMatchObject({ code: 'auth.session-needed' })
})

test('disabling it or lowering its role holds at once; a stale change is told', async () => {
  const account = await make('manager')
  const { key } = await keyOf(root, account.id)
  const change = (body: object) =>
    root.call('service.update', { params: { id: account.id }, body: body as never })
  expect((await by(key).send('auth.listUsers')).status).toBe(200)
  await change({ version: 1, role: 'viewer' })
  expect((await by(key).send('auth.listUsers')).status).toBe(403)
  await expect(change({ version: 1, name: 'Late' })).rejects.toMatchObject({ code: 'platform.stale-version' })
  await change({ version: 2, disabled: true })
  expect((await by(key).send('auth.me')).status).toBe(401)
  await change({ version: 3, disabled: false })
  expect((await by(key).send('auth.me')).status).toBe(200)
})

test('a group that keeps accounts is not deleted before they are given on', async () => {
  const other = await root.call('access.createGroup', { body: { name: 'Other' } })
  const account = await root.call('service.create', {
    body: { name: 'Kept', role: 'viewer', groupId: other.id },
  })
  const remove = () =>
    root.call('access.deleteGroup', { params: { id: other.id }, query: { version: other.version } })
  await expect(remove()).rejects.toMatchObject({ code: 'service.group-keeps-accounts' })
  await root.call('service.update', {
    params: { id: account.id },
    body: { version: account.version, groupId: group },
  })
  await remove()
})
