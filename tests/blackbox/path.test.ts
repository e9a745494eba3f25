import type { ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { admin, startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { Tab, textOf } from './support/socket.ts'
import { readEvents } from './support/sse.ts'
import {
  addModel,
  answerText,
  ask,
  checklist,
  getGeneration,
  untilChecked,
  untilEnded,
} from './support/world.ts'

let server: TestServer
let standIn: ProviderStandIn
let client: Client
let tab: Tab

beforeAll(async () => {
  standIn = await startProviderStandIn({
    kind: 'deepseek',
    models: ['thinker', 'talker'],
    tokenDelayMs: 5,
    cutSeed: 7,
  })
  server = await startServer()
})
afterAll(async () => {
  tab?.close()
  await server?.close()
  await standIn?.close()
})

describe('the path by API, to the dataset', () => {
  test('1 the server is well', async () => {
    const health = await server.client().call('platform.health')
    expect(health).toMatchObject({ status: 'ok', database: 'ok' })
    const { waiting } = await server.client().call('auth.setUpState')
    expect(waiting).toBe(false)
  })

  test('2 the first administrator signs in, the session is renewed and ended', async () => {
    client = server.client()
    const session = await client.signIn(admin.email, admin.password)
    expect(session).toMatchObject({ user: { email: admin.email, role: 'administrator' } })
    const renewed = await client.send('auth.refresh', {}, { headers: { origin: server.baseUrl } })
    expect(renewed.status).toBe(200)
    const { accessToken } = (await renewed.json()) as { accessToken: string }
    expect(renewed.headers.getSetCookie()[0]).toMatch(/^anneal_\w+_refresh=.+; .*HttpOnly/i)
    client.token = accessToken
    await client.call('auth.me')
    await client.call('auth.signOut')
    expect((await client.send('auth.me')).status).toBe(401)
    await client.signIn(admin.email, admin.password)
    tab = await Tab.open(client)
  })

  test('3 home shows the path, with nothing done but the sign-in', async () => {
    expect(await checklist(client)).toMatchObject({
      'sign-in': true,
      connect: false,
      chat: false,
      dataset: false,
      train: false,
    })
  })

  test('4 a model is connected, and tested step by step', async () => {
    const connection = await client.call('models.createConnection', {
      body: {
        name: 'stand-in',
        provider: 'openai-compatible',
        baseUrl: `${standIn.url}/v1`,
        apiKey: 'sk-secret-1234',
      },
    })
    expect(connection).toMatchObject({ hasKey: true, keyEnding: '1234' })
    expect(JSON.stringify(connection)).not.toContain('sk-secret')
    const offered = await client.call('models.offered', { body: { connectionId: connection.id } })
    expect(offered.items.map(({ id }) => id)).toEqual(['thinker', 'talker'])
    const model = await client.call('models.create', {
      body: { name: 'thinker', connectionId: connection.id, providerModel: 'thinker' },
    })
    const reply = await client.send('models.test', { body: { modelId: model.id } })
    const events = await readEvents(reply)
    const steps = events
      .filter(({ event }) => event === 'step')
      .map(({ data }) => data as { step: string; state: string })
    const last = new Map(steps.map(({ step, state }) => [step, state]))
    expect([...last]).toEqual(
      ['reach', 'authenticate', 'list-models', 'first-token', 'stream'].map((step) => [step, 'passed']),
    )
    expect(events.at(-1)?.event).toBe('done')
    await until(async () => (await client.call('models.get', { params: { id: model.id } })).health === 'ok')
    expect(await checklist(client)).toMatchObject({ connect: true })
  })

  test('5 a chat streams its reasoning and its answer apart, with the meter; all of it over the socket', async () => {
    const { items } = await client.call('models.list')
    const { conversationId, generationId } = await ask(client, items[0]!.id, 'What is annealing? 淬炼')
    tab.watch('generation', generationId)
    await until(() => tab.isDone(generationId))
    const events = tab.events(generationId)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
    const reasoning = events.map(({ event }) => (event.type === 'reasoning-delta' ? event.text : '')).join('')
    expect(reasoning).toContain('The question is short.')
    expect(textOf(events)).toContain('You asked: What is annealing? 淬炼')
    expect(textOf(events)).not.toContain('The question is short.')
    const ended = await getGeneration(client, generationId)
    expect(ended).toMatchObject({ state: 'finished', finishReason: 'stop', error: null })
    expect(ended.parts.map(({ type }) => type)).toEqual(['reasoning', 'text'])
    expect(answerText(ended.parts)).toBe(textOf(events))
    expect(ended.meter.firstTokenMs).toBeGreaterThan(0)
    expect(ended.meter.durationMs).toBeGreaterThan(ended.meter.firstTokenMs!)
    expect(ended.meter.outputTokens, JSON.stringify([ended, standIn.requests.at(-1)])).toBeGreaterThan(0)
    // As server-sent events: all from the start, or from where a reader was.
    const stream = await readEvents(await client.send('generations.stream', { params: { id: generationId } }))
    expect(stream.filter(({ id }) => id).map(({ id }) => Number(id))).toEqual(events.map(({ seq }) => seq))
    expect(stream.at(-1)?.event).toBe('done')
    const later = await client.send(
      'generations.stream',
      { params: { id: generationId } },
      { headers: { 'last-event-id': String(events.length - 2) } },
    )
    expect((await readEvents(later)).filter(({ id }) => id).map(({ id }) => Number(id))).toEqual([
      events.length - 1,
      events.length,
    ])
    const summary = (await client.call('chat.listConversations')).items[0]
    expect(summary).toMatchObject({ id: conversationId, title: 'What is annealing? 淬炼', live: false })
    for (const search of ['annealing', '淬炼']) {
      expect((await client.call('chat.listConversations', { query: { search } })).items).toHaveLength(1)
    }
    expect(await checklist(client)).toMatchObject({ chat: true })
  })

  test('5 an answer is stopped; a conversation is renamed, deleted and brought back', async () => {
    const model = await addModel(client, standIn)
    standIn.set({ tokenDelayMs: 300 })
    const { conversationId, generationId } = await ask(client, model.id, 'Something long')
    const provider = await until(() =>
      standIn.requests.find(({ body }) => JSON.stringify(body ?? null).includes('Something long')),
    )
    await until(async () => (await getGeneration(client, generationId)).parts.length > 0)
    await client.call('generations.stop', { params: { id: generationId } })
    expect((await untilEnded(client, generationId)).state).toBe('stopped')
    await until(() => provider.aborted)
    standIn.set({ tokenDelayMs: 5 })
    const params = { id: conversationId }
    const { conversation } = await client.call('chat.getConversation', { params })
    const renamed = await client.call('chat.updateConversation', {
      params,
      body: { version: conversation.version, title: '改名' },
    })
    expect(renamed).toMatchObject({ title: '改名', version: conversation.version + 1 })
    await client.call('chat.deleteConversation', { params })
    expect((await client.send('chat.getConversation', { params })).status).toBe(404)
    expect((await client.call('chat.restoreConversation', { params })).title).toBe('改名')
    await until(() => tab.changes('conversation', conversationId).some(({ change }) => change === 'restored'))
  })

  test('6 a file is uploaded and checked row by row; the sample is at hand', async () => {
    const rows = [
      {
        messages: [
          { role: 'user', content: 'one' },
          { role: 'assistant', content: '1' },
        ],
      },
      { prompt: 'two', completion: '2' },
      { instruction: 'three', input: '', output: '3' },
      {
        conversations: [
          { from: 'human', value: 'four' },
          { from: 'gpt', value: '4' },
        ],
      },
      { nothing: true },
    ].map((row) => JSON.stringify(row))
    const body = [...rows, '{"broken": '].join('\n')
    const reply = await client.send('datasets.upload', { query: { name: 'mine' }, body })
    expect(reply.status).toBe(201)
    const { id } = (await reply.json()) as { id: string }
    expect(await untilChecked(client, id)).toMatchObject({ state: 'ready', rows: 6, badRows: 2, error: null })
    const good = await client.call('datasets.rows', { params: { id } })
    expect(good.items.map(({ row, messages }) => [row, messages.at(-1)!.content])).toEqual([
      [1, '1'],
      [2, '2'],
      [3, '3'],
      [4, '4'],
    ])
    const bad = await client.call('datasets.badRows', { params: { id } })
    expect(bad.items.map(({ row }) => row)).toEqual([5, 6])
    const back = await client.send('datasets.download', { params: { id } })
    expect(await back.text()).toBe(body)
    const sample = await client.call('datasets.addSample')
    expect(await untilChecked(client, sample.id)).toMatchObject({ state: 'ready', sample: true, badRows: 0 })
    expect(await checklist(client)).toMatchObject({ dataset: true })
  })
})
