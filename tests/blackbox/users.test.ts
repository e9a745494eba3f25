import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { admin, startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { Tab } from './support/socket.ts'
import { audit, makeUser, refusal, unique } from './support/world.ts'

const password = 'three words and a comma'
const ended = 4401
const comeBack = 4503

let server: TestServer
let administrator: Client

beforeAll(async () => {
  server = await startServer()
  administrator = await server.adminClient()
})
afterAll(() => server?.close())

const tokenOf = (link: string): string => new URL(link).hash.slice(1)
const within = { timeoutMs: 2000, what: 'the end of the socket' }

test('whoever is invited comes in by the link, works, and is in the audit by name', async () => {
  const email = `${unique('mira')}@example.com`
  const { link } = await administrator.call('auth.createInvitation', { body: { email, role: 'member' } })
  expect(link.startsWith(`${server.baseUrl}/invite#`)).toBe(true)
  const body = { token: tokenOf(link), name: 'Mira', password }
  const guest = server.client()
  const { user } = await guest.enter('auth.acceptInvitation', { body })
  await guest.call('chat.createConversation', { body: {} })
  expect((await refusal(server.client().call('auth.acceptInvitation', { body }))).code).toBe('auth.link-used')
  const rows = await audit(administrator)
  const actions = rows.filter((row) => row.targetId === user.id).map((row) => row.action)
  expect(actions).toContain('user.created')
  expect(JSON.stringify(rows)).not.toContain(body.token)
  expect(server.logs).not.toContain(body.token)
})

test('an invitation made twice under one key is not made twice, and its link is not kept', async () => {
  const body = { email: `${unique('ivo')}@example.com`, role: 'viewer' as const }
  const headers = { 'idempotency-key': unique('key') }
  await administrator.call('auth.createInvitation', { body }, { headers })
  const again = await refusal(administrator.call('auth.createInvitation', { body }, { headers }))
  expect(again.status).toBe(409)
  const { items } = await administrator.call('auth.listInvitations', { query: { limit: 200 } })
  expect(items.filter(({ email }) => email === body.email)).toHaveLength(1)
  expect(JSON.stringify(items)).not.toContain('#')
})

test('an ended session closes its socket and no other within two seconds', async () => {
  const person = await makeUser(server, administrator, 'member')
  const other = server.client()
  await other.signIn(person.email, person.password)
  const [mine, theirs] = [await Tab.open(person.client), await Tab.open(other)]
  const { items } = await person.client.call('auth.listSessions')
  const session = items.find(({ current }) => !current)
  await administrator.call('auth.endSession', { params: { id: session?.id ?? '' } })
  await until(() => theirs.closed === ended, within)
  await until(() => mine.changes('session', session?.id ?? '').length > 0, { what: 'the news of it' })
  expect(mine.closed).toBeUndefined()
  mine.close()
})

test('who is disabled loses socket, session, refresh and key within two seconds', async () => {
  const person = await makeUser(server, administrator, 'member')
  const { key } = await person.client.call('auth.createKey', { body: { name: 'script' } })
  const tab = await Tab.open(person.client)
  await administrator.call('auth.updateUser', {
    params: { id: person.id },
    body: { version: 1, disabled: true },
  })
  await until(() => tab.closed === ended, within)
  expect((await refusal(person.client.call('auth.me'))).status).toBe(401)
  expect((await refusal(person.client.call('auth.refresh'))).code).toBe('auth.session-ended')
  const byKey = server.client()
  byKey.token = key
  expect((await refusal(byKey.call('auth.me'))).status).toBe(401)
})

test('a changed role lets the page come back with what it may do now', async () => {
  const person = await makeUser(server, administrator, 'member')
  const tab = await Tab.open(person.client)
  await administrator.call('auth.updateUser', {
    params: { id: person.id },
    body: { version: 1, role: 'viewer' },
  })
  await until(() => tab.closed === comeBack, within)
  expect((await refusal(person.client.call('chat.createConversation', { body: {} }))).status).toBe(403)
  const again = await Tab.open(person.client)
  expect((await person.client.call('auth.me')).permissions).not.toContain('chat.use')
  again.close()
})

test('the last administrator stays, whatever is asked', async () => {
  const me = await administrator.call('auth.me')
  const { version } = await administrator.call('auth.getUser', { params: { id: me.id } })
  const others = await administrator.call('auth.listUsers', {
    query: { role: 'administrator', state: 'active' },
  })
  expect(others.items.map(({ email }) => email)).toEqual([admin.email])
  for (const body of [{ disabled: true }, { role: 'viewer' as const }]) {
    const refused = await refusal(
      administrator.call('auth.updateUser', { params: { id: me.id }, body: { version, ...body } }),
    )
    expect(refused.code).toBe('auth.last-administrator')
  }
})
