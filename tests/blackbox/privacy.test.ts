import type { ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { Tab } from './support/socket.ts'
import { addModel, answerText, ask, audit, makeUser, refusal, unique, untilEnded } from './support/world.ts'

const key = 'privacy.readOthersConversations'
type Someone = Awaited<ReturnType<typeof makeUser>>

let server: TestServer
let standIn: ProviderStandIn
let administrator: Client
let modelId: string
let owner: Someone
let reader: Someone
let manager: Someone

beforeAll(async () => {
  standIn = await startProviderStandIn()
  server = await startServer()
  administrator = await server.adminClient()
  modelId = (await addModel(administrator, standIn)).id
  owner = await makeUser(server, administrator, 'member')
  reader = await makeUser(server, administrator, 'member')
  manager = await makeUser(server, administrator, 'manager')
})
afterAll(async () => {
  await server?.close()
  await standIn?.close()
})

async function allow(value: boolean): Promise<void> {
  const { items } = await administrator.call('admin.settings')
  const version = items.find((one) => one.key === key)?.version ?? 0
  await administrator.call('admin.changeSettings', { body: { changes: [{ key, value, version }] } })
}

async function conversation() {
  const asked = await ask(owner.client, modelId, `About ${unique('it')}`)
  await untilEnded(owner.client, asked.generationId)
  return { kind: 'conversation' as const, ...asked, id: asked.conversationId }
}

const read = (client: Client, id: string) => client.call('chat.getConversation', { params: { id } })

describe("another's conversation", () => {
  test('is closed to everybody while the setting is off, which it is', async () => {
    const { kind, id } = await conversation()
    const params = { kind, id }
    const body = { reason: 'a complaint' }
    const refused = await refusal(administrator.call('access.openOthers', { params, body }))
    expect([refused.status, refused.code]).toEqual([403, 'access.others-closed'])
    expect((await refusal(read(administrator, id))).status).toBe(404)
  })

  test('is opened by an explicit act alone, with a reason, and its owner is told each time', async () => {
    const { kind, id, generationId } = await conversation()
    const params = { kind, id }
    await allow(true)
    expect((await refusal(read(administrator, id))).status).toBe(404)
    const without = await refusal(administrator.call('access.openOthers', { params, body: { reason: ' ' } }))
    expect(without.status).toBe(422)
    const tab = await Tab.open(owner.client)
    await administrator.call('access.openOthers', { params, body: { reason: 'A complaint of 24 November' } })
    const opened = await read(administrator, id)
    expect([opened.may, opened.messages.length]).toEqual([['read'], 2])
    const answer = await administrator.call('generations.get', { params: { id: generationId } })
    expect(answerText(answer.parts)).not.toBe('')
    await until(() => tab.changes('conversation', id).length > 0, { what: 'the owner to hear' })
    tab.close()
    // Reading is all: nothing is changed, copied, listed or found.
    const title = refusal(
      administrator.call('chat.updateConversation', { params: { id }, body: { version: 1, title: 'x' } }),
    )
    expect((await title).status).toBe(403)
    expect((await refusal(administrator.call('chat.copyConversation', { params: { id } }))).status).toBe(403)
    const { items } = await administrator.call('chat.listConversations', { query: { limit: 200 } })
    expect(items.map((one) => one.id)).not.toContain(id)
    // The owner sees who, when and why; nobody else does.
    const readings = await owner.client.call('access.listReadings', { params })
    expect(readings.items).toMatchObject([{ reason: 'A complaint of 24 November' }])
    expect((await refusal(reader.client.call('access.listReadings', { params }))).status).toBe(404)
    const notices = await owner.client.call('home.notices')
    expect(notices.items[0]).toMatchObject({ kind: 'opened-by-other', link: `/chat/${id}` })
    const rows = (await audit(administrator)).filter(
      ({ action }) => action === 'conversation.opened-by-other',
    )
    expect(rows[0]).toMatchObject({ details: { reason: 'A complaint of 24 November' } })
    // Once the setting is off, what was opened is closed.
    await allow(false)
    expect((await refusal(read(administrator, id))).status).toBe(404)
  })

  test('is nothing for a manager or a member, whatever the setting', async () => {
    const { kind, id } = await conversation()
    await allow(true)
    for (const who of [manager, reader]) {
      const call = who.client.call('access.openOthers', { params: { kind, id }, body: { reason: 'curious' } })
      expect((await refusal(call)).code).toBe('auth.forbidden')
      expect((await refusal(read(who.client, id))).status).toBe(404)
    }
    const { key: secret } = await administrator.call('auth.createKey', { body: { name: unique('key') } })
    const byKey = server.client()
    byKey.token = secret
    const call = byKey.call('access.openOthers', { params: { kind, id }, body: { reason: 'a script' } })
    expect((await refusal(call)).code).toBe('auth.session-needed')
    await allow(false)
  })
})

describe('a shared conversation', () => {
  async function shared() {
    const one = await conversation()
    const params = { kind: one.kind, id: one.id }
    const grants = [{ subject: { kind: 'user' as const, id: reader.id }, action: 'use' as const }]
    const body = { version: 1, visibility: 'groups' as const, grants }
    await owner.client.call('access.setAccess', { params, body })
    return { ...one, params }
  }

  test('is read with its answers, and gone on with in a copy that outlives the sharing', async () => {
    const { id, params, generationId } = await shared()
    const notices = await reader.client.call('home.notices')
    expect(notices.items[0]).toMatchObject({ kind: 'shared-with-you', link: `/chat/${id}` })
    const seen = await read(reader.client, id)
    expect(seen.may).toEqual(['read', 'use'])
    const generation = await reader.client.call('generations.get', { params: { id: generationId } })
    const text = answerText(generation.parts)
    expect(text).not.toBe('')
    const copy = await reader.client.call('chat.copyConversation', { params: { id } })
    expect(copy).toMatchObject({ ownerId: reader.id, visibility: 'private' })
    const { version } = await owner.client.call('access.getAccess', { params })
    const body = { version, visibility: 'private' as const, grants: [] }
    await owner.client.call('access.setAccess', { params, body })
    expect((await refusal(read(reader.client, id))).status).toBe(404)
    const gone = reader.client.call('generations.get', { params: { id: generationId } })
    expect((await refusal(gone)).status).toBe(404)
    const own = await read(reader.client, copy.id)
    expect(own.messages.map(({ role }) => role)).toEqual(['user', 'assistant'])
    expect(answerText(own.messages[1]!.parts)).toBe(text)
    const more = await ask(reader.client, modelId, 'And then?', copy.id)
    expect((await untilEnded(reader.client, more.generationId)).state).toBe('finished')
    expect((await read(owner.client, id)).messages).toHaveLength(2)
  })

  test('is followed live by whom it is shared with, until it is no more', async () => {
    const { id, params } = await shared()
    const tab = await Tab.open(reader.client)
    const more = await ask(owner.client, modelId, 'And then?', id)
    tab.watch('generation', more.generationId)
    await until(() => tab.isDone(more.generationId), { what: 'the end of the answer' })
    await until(() => tab.changes('conversation', id).length > 0, { what: 'a change' })
    const body = { version: 2, visibility: 'private' as const, grants: [] }
    await owner.client.call('access.setAccess', { params, body })
    await until(() => tab.closed, { what: 'the end of the watch' })
    const again = await Tab.open(reader.client)
    again.watch('generation', more.generationId)
    await until(() => again.of('refused').length > 0, { what: 'a refusal' })
    again.close()
  })
})

describe('groups', () => {
  test('are managed by who may; a manager of one adds and removes members, and no managers', async () => {
    const group = await administrator.call('access.createGroup', { body: { name: unique('Lab Ä') } })
    expect(group.workspace).toMatch(/^[0-9A-Za-z_-]{1,25}$/)
    const params = { id: group.id }
    const change = (client: Client, body: object) =>
      client.call('access.changeGroupMembers', { params, body } as never) as Promise<{ members: number }>
    await change(administrator, { add: [{ userId: owner.id, manages: true }] })
    expect(await change(owner.client, { add: [{ userId: reader.id }] })).toMatchObject({ members: 2 })
    const names = await refusal(change(owner.client, { add: [{ userId: reader.id, manages: true }] }))
    expect(names.status).toBe(403)
    expect((await refusal(change(reader.client, { remove: [owner.id] }))).status).toBe(403)
    const members = await reader.client.call('access.listGroupMembers', { params })
    expect(members.items.map(({ userId, manages }) => [userId, manages])).toContainEqual([owner.id, true])
    const nobody = '00000000-0000-7000-8000-000000000000'
    const lost = await refusal(change(owner.client, { remove: [reader.id], add: [{ userId: nobody }] }))
    expect(lost.code).toBe('auth.user-not-found')
    expect((await reader.client.call('access.getGroup', { params })).members).toBe(2)
    const stranger = await makeUser(server, administrator, 'member')
    expect((await refusal(stranger.client.call('access.getGroup', { params }))).status).toBe(404)
    const mine = await stranger.client.call('access.listGroups')
    expect([mine.items, mine.total]).toEqual([[], 0])
    expect((await reader.client.call('access.listGroups')).items.map(({ id }) => id)).toContain(group.id)
    const twin = administrator.call('access.createGroup', { body: { name: group.name.toUpperCase() } })
    expect((await refusal(twin)).code).toBe('access.group-name-taken')
    const actions = (await audit(administrator)).map(({ action }) => action)
    expect(actions).toEqual(expect.arrayContaining(['group.created', 'group.members-changed']))
  })

  test('are found with people by name, by who may share something, and no more is told of them', async () => {
    const name = unique('findable')
    const group = await administrator.call('access.createGroup', { body: { name } })
    const found = await reader.client.call('access.listSubjects', { query: { search: name } })
    expect(found.items).toEqual([{ kind: 'group', id: group.id, name, email: null, members: 0 }])
    const person = await reader.client.call('access.listSubjects', { query: { search: owner.email } })
    expect(person.items).toEqual([
      { kind: 'user', id: owner.id, name: expect.any(String), email: owner.email, members: null },
    ])
    const viewer = await makeUser(server, administrator, 'viewer')
    expect((await viewer.client.call('access.listSubjects')).items).toEqual([])
    const wild = await reader.client.call('access.listSubjects', { query: { search: '%_!' } })
    expect(wild.items).toEqual([])
  })
})
