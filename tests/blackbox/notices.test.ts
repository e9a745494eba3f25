import type { ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { Tab } from './support/socket.ts'
import { addModel, ask, makeUser, unique, untilEnded } from './support/world.ts'

let server: TestServer
let standIn: ProviderStandIn
let client: Client

beforeAll(async () => {
  standIn = await startProviderStandIn()
  server = await startServer()
  client = await server.adminClient()
})
afterAll(async () => {
  await server?.close()
  await standIn?.close()
})

const noticesOf = (who: Client) => who.call('home.notices', {})

describe('notices', () => {
  test('a provider that begins to fail is told once to those who can mend it, and is read once', async () => {
    const manager = await makeUser(server, client, 'manager')
    const member = await makeUser(server, client, 'member')
    const model = await addModel(client, standIn)
    const tab = await Tab.open(manager.client)
    standIn.set({ fail: 401 })
    for (let at = 0; at < 3; at++) {
      const asked = await ask(member.client, model.id, 'Hello?')
      await untilEnded(member.client, asked.generationId)
    }
    standIn.set({ fail: () => undefined })
    const told = await until(
      async () => {
        const notices = await noticesOf(manager.client)
        return notices.unread > 0 ? notices : null
      },
      { what: 'the notice' },
    )
    expect(told.items.map(({ kind, name, link, readAt }) => [kind, name, link, readAt])).toEqual([
      ['model-failing', model.name, `/models/${model.id}`, null],
    ])
    expect(told.items[0]?.problem?.code).toMatch(/^provider\./)
    await until(() => tab.changes('notice', told.items[0]!.id).length > 0, {
      what: 'the notice on the socket',
    })
    tab.close()
    expect((await noticesOf(member.client)).items).toEqual([])
    expect((await manager.client.call('home.get', {})).needs).toHaveLength(1)

    /* Somebody else's notice is none of theirs. */
    await member.client.call('home.readNotices', { body: { ids: [told.items[0]!.id] } })
    expect((await noticesOf(manager.client)).unread).toBe(1)
    await manager.client.call('home.readNotices', { body: { ids: [told.items[0]!.id] } })
    const [first] = (await noticesOf(manager.client)).items
    await manager.client.call('home.readNotices', { body: {} })
    const after = await noticesOf(manager.client)
    expect([after.unread, after.items[0]?.readAt]).toEqual([0, first?.readAt])
    expect((await manager.client.call('home.get', {})).needs).toEqual([])
  })
})

describe('the search over all', () => {
  test('finds by name, also in Chinese, only what the asker may see', async () => {
    const member = await makeUser(server, client, 'member')
    const other = await makeUser(server, client, 'member')
    const word = unique('palette').replaceAll('-', '')
    const conversation = await member.client.call('chat.createConversation', {
      body: { title: `${word} 力矩报警` },
    })
    const model = await client.call('models.create', {
      body: {
        name: `${word}-model`,
        connectionId: (await addModel(client, standIn)).connectionId,
        providerModel: 'stand-in',
      },
    })
    const find = async (who: Client, q: string) =>
      (await who.call('home.search', { query: { q } })).items.map(({ kind, id }) => `${kind} ${id}`)
    expect((await find(member.client, word)).toSorted()).toEqual(
      [`conversation ${conversation.id}`, `model ${model.id}`].toSorted(),
    )
    expect(await find(member.client, '力矩')).toEqual([`conversation ${conversation.id}`])
    expect(await find(other.client, word)).toEqual([`model ${model.id}`])
    const found = await client.call('home.search', { query: { q: member.email } })
    expect(found.items.map(({ kind, id }) => [kind, id])).toEqual([['user', member.id]])
    const kinds = await client.call('home.search', { query: { q: word, kind: 'model' } })
    expect(kinds.items.map(({ kind }) => kind)).toEqual(['model'])
  })
})
