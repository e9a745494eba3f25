import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { audit, makeUser, refusal, unique } from './support/world.ts'

let server: TestServer
let admin: Client
beforeAll(async () => {
  server = await startServer()
  admin = await server.adminClient()
})
afterAll(() => server?.close())

async function ended(id: string) {
  const read = () => admin.call('people.deletion', { params: { id } })
  await until(async () => (await read()).state !== 'running', { what: 'the end of the deletion' })
  return read()
}

async function withPrompt(name: string) {
  const user = await makeUser(server, admin, 'member')
  const prompt = await user.client.call('prompts.create', { body: { name: unique(name), text: 'Hello' } })
  await user.client.call('chat.createConversation', { body: {} })
  const { version, name: shown, email } = await admin.call('auth.getUser', { params: { id: user.id } })
  return { user, prompt, version, shown, email }
}

describe('deleting a user', () => {
  test('hands over what others can use, removes what is personal, ends every door and frees the address', async () => {
    const { user, prompt, version, email, shown } = await withPrompt('handed')
    const heir = await makeUser(server, admin, 'member')
    const owned = await admin.call('people.owned', { params: { id: user.id } })
    expect(owned).toMatchObject({ shared: [{ kind: 'prompt', count: 1 }], personal: 1 })
    await admin.call('people.deleteUser', {
      params: { id: user.id },
      query: { version, owned: 'hand-over', to: heir.id },
    })
    expect(await ended(user.id)).toMatchObject({ state: 'done', done: 2, kept: 0 })
    const now = await heir.client.call('prompts.get', { params: { id: prompt.id } })
    expect(now.ownerId).toBe(heir.id)
    expect((await refusal(user.client.call('auth.me', {}))).status).toBe(401)
    expect((await refusal(admin.call('auth.getUser', { params: { id: user.id } }))).status).toBe(404)
    const again = await admin.call('auth.createInvitation', { body: { email, role: 'viewer' } })
    expect(again.email).toBe(email)
    expect(
      (await audit(admin)).some(
        (row) => row.action === 'user.deleted' && JSON.stringify(row).includes(shown),
      ),
    ).toBe(true)
  })

  test('removes what they own where that is chosen', async () => {
    const { user, prompt, version } = await withPrompt('removed')
    await admin.call('people.deleteUser', { params: { id: user.id }, query: { version, owned: 'remove' } })
    expect(await ended(user.id)).toMatchObject({ state: 'done', kept: 0 })
    expect((await refusal(admin.call('prompts.get', { params: { id: prompt.id } }))).status).toBe(404)
  })

  test('is refused to who may not, for oneself, without an heir, to a heir who cannot, and for a stale version', async () => {
    const { user, version } = await withPrompt('kept')
    const viewer = await makeUser(server, admin, 'viewer')
    const remove = (
      who: Client,
      id: string,
      query: { version: number; owned: 'remove' | 'hand-over'; to?: string },
    ) => refusal(who.call('people.deleteUser', { params: { id }, query })).then(({ status }) => status)
    expect(await remove(viewer.client, user.id, { version, owned: 'remove' })).toBe(403)
    const me = await admin.call('auth.me', {})
    expect(await remove(admin, me.id, { version: 1, owned: 'remove' })).toBe(409)
    expect(await remove(admin, user.id, { version, owned: 'hand-over' })).toBe(422)
    expect(await remove(admin, user.id, { version, owned: 'hand-over', to: viewer.id })).toBe(422)
    expect(await remove(admin, user.id, { version: version + 7, owned: 'remove' })).toBe(409)
    expect((await user.client.call('auth.me', {})).id).toBe(user.id)
  })
})

describe('import of a CSV', () => {
  test('says every fault, writes nothing before it is confirmed, then invites with groups; links are given once', async () => {
    const group = await admin.call('access.createGroup', { body: { name: unique('readers') } })
    const known = await makeUser(server, admin, 'viewer')
    const { email } = await admin.call('auth.getUser', { params: { id: known.id } })
    const [one, two] = [`${unique('one')}@example.com`, `${unique('two')}@example.com`]
    const csv = [
      'Email,Name,Role,Groups',
      `${one},"One, First",member,${group.name}`,
      `${two},=1+1,成员,`,
      `${one},Twice,member,`,
      'no mail,,viewer,',
      `${unique('x')}@example.com,,emperor,nowhere`,
      `${email},,,`,
    ].join('\r\n')
    const checked = await admin.call('people.checkImport', { body: { csv } })
    const faults = checked.rows.flatMap((row) => row.faults.map(({ code }) => `${row.line} ${code}`))
    expect(checked).toMatchObject({ total: 6, invite: 2, update: 0, faulty: 4 })
    expect(faults).toEqual(['4 duplicate', '5 mail-bad', '6 role-unknown', '6 group-unknown', '7 exists'])
    const before = await admin.call('auth.listInvitations', { query: { limit: 200 } })
    expect(before.items.some((row) => row.email === one)).toBe(false)

    const started = await admin.call('people.startImport', { body: { csv } })
    const read = () => admin.call('people.getImport', { params: { id: started.id } })
    await until(async () => (await read()).state !== 'running', { what: 'the end of the import' })
    const done = await read()
    expect(done).toMatchObject({ state: 'done', total: 2, invited: 2, refused: 0, taken: false })
    const results = await admin.call('people.takeImportResults', { params: { id: started.id } })
    expect(String(results)).toContain(one)
    expect(String(results)).toContain("'=1+1")
    expect(
      (await refusal(admin.call('people.takeImportResults', { params: { id: started.id } }))).status,
    ).toBe(410)
    const token = /invite#(\S+)/.exec(String(results))?.[1] ?? ''
    const nobody = server.client()
    await nobody.call('auth.acceptInvitation', {
      body: { token, name: 'One', password: 'orange kettle sings at dawn' },
    })
    const members = await admin.call('access.listGroupMembers', { params: { id: group.id }, query: {} })
    expect(members.items.map((row) => row.email)).toEqual([one])
  })

  test('a withdrawn invitation works again once that is undone', async () => {
    const made = await admin.call('auth.createInvitation', {
      body: { email: `${unique('back')}@example.com`, role: 'viewer' },
    })
    const params = { id: made.id }
    await admin.call('auth.withdrawInvitation', { params })
    await admin.call('people.restoreInvitation', { params })
    const token = made.link.split('#')[1] ?? ''
    expect((await server.client().call('auth.readLink', { body: { token } })).email).toBe(made.email)
    expect((await refusal(admin.call('people.restoreInvitation', { params }))).status).toBe(404)
  })
})
