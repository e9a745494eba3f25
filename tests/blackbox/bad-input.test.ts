import { randomUUID } from 'node:crypto'
import type { ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { admin, startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { refusedInBoth } from './support/refused.ts'
import { addModel, ask, audit, makeUser, unique, untilEnded } from './support/world.ts'

let server: TestServer
let client: Client
let standIn: ProviderStandIn

beforeAll(async () => {
  standIn = await startProviderStandIn({ tokenDelayMs: 2 })
  server = await startServer()
  client = await server.adminClient()
})
afterAll(async () => {
  await server?.close()
  await standIn?.close()
})

describe('signing in', () => {
  test('a wrong password, an unknown mail', async () => {
    const anyone = server.client()
    for (const email of [admin.email, 'nobody@example.com']) {
      const body = { email, password: 'wrong horse battery staple' }
      await refusedInBoth(
        (headers) => anyone.send('auth.signIn', { body }, { headers }),
        401,
        'auth.wrong-credentials',
      )
    }
    await anyone.signIn(admin.email, admin.password)
  })

  test('guessing is slowed down, and the right password waits with the wrong ones', async () => {
    const { email, password } = await makeUser(server, client, 'viewer')
    const anyone = server.client()
    const wrong = { email, password: 'not the password at all' }
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => anyone.send('auth.signIn', { body: wrong })),
    )
    const throttled = answers.filter(({ status }) => status === 429)
    expect(throttled.length).toBeGreaterThan(0)
    expect(Number(throttled[0]!.headers.get('retry-after'))).toBeGreaterThan(0)
    // Each further guess doubles the wait, so that what follows falls into it on a slow machine too.
    for (let round = 0; round < 2; round += 1) {
      await until(async () => (await anyone.send('auth.signIn', { body: wrong })).status === 401, {
        everyMs: 200,
      })
    }
    const send = (headers: Record<string, string>) =>
      anyone.send('auth.signIn', { body: { email, password } }, { headers })
    await refusedInBoth(send, 429, 'auth.throttled')
  })

  test('a set-up link that is unknown, expired or used', { timeout: 120_000 }, async () => {
    await using fresh = await startServer({ env: { ANNEAL_ADMIN_EMAIL: '', ANNEAL_ADMIN_PASSWORD: '' } })
    const anyone = fresh.client()
    expect(await anyone.call('auth.setUpState')).toEqual({ waiting: true })
    const link = () =>
      /\/set-up#([\w-]+)/.exec(fresh.logs.slice(fresh.logs.lastIndexOf('/set-up#')))?.[1] ?? ''
    const first = await until(link, { what: 'the link in the log' })
    await fresh.restart()
    const second = await until(() => link() !== first && link(), { what: 'a new link' })
    const body = { email: 'first@example.com', name: 'First', password: 'three words and a comma' }
    for (const token of [first, 'x'.repeat(43)]) {
      const send = (headers: Record<string, string>) =>
        anyone.send('auth.setUp', { body: { ...body, token } }, { headers })
      await refusedInBoth(send, 410, 'auth.link-expired')
    }
    // Two tabs with the same link: one of them is the administrator.
    const both = await Promise.all(
      [1, 2].map(() => anyone.send('auth.setUp', { body: { ...body, token: second } })),
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const again = (headers: Record<string, string>) =>
      anyone.send('auth.setUp', { body: { ...body, token: second } }, { headers })
    await refusedInBoth(again, 409, 'auth.already-set-up')
    const firstUser = fresh.client()
    await firstUser.signIn(body.email, body.password)
    expect((await firstUser.call('auth.listUsers')).items).toHaveLength(1)
  })

  test('an expired key and a broken body', async () => {
    const { key } = await client.call('auth.createKey', {
      body: { name: unique('key'), expiresAt: new Date(Date.now() - 1000).toISOString() },
    })
    const byKey = server.client()
    byKey.token = key
    await refusedInBoth((headers) => byKey.send('auth.me', {}, { headers }), 401, 'auth.unauthenticated')
    const broken = (headers: Record<string, string>) =>
      client.fetch('/api/v1/conversations', {
        method: 'POST',
        body: '{"title": ',
        headers: { ...headers, 'content-type': 'application/json' },
      })
    await refusedInBoth(broken, 400, 'platform.bad-json')
    const invalid = (headers: Record<string, string>) =>
      client.send('chat.createConversation', { body: { title: 7, modelId: 'x' } }, { headers })
    await refusedInBoth(invalid, 422, 'platform.invalid-input')
    const problem = (await (await invalid({})).json()) as { errors: { pointer: string }[] }
    expect(problem.errors.map(({ pointer }) => pointer).toSorted()).toEqual(['/modelId', '/title'])
  })
})

describe('two who do the same', () => {
  test('two sends at once: one answer is made, the other is told so, and sends again later', async () => {
    const model = await addModel(client, standIn)
    const { id } = await client.call('chat.createConversation', { body: { modelId: model.id } })
    standIn.set({ tokenDelayMs: 20 })
    const sends = await Promise.all(
      ['first', 'second'].map((text) => client.send('chat.send', { params: { id }, body: { text } })),
    )
    standIn.set({ tokenDelayMs: 2 })
    expect(sends.map(({ status }) => status).toSorted()).toEqual([201, 409])
    const send = (headers: Record<string, string>) =>
      client.send('chat.send', { params: { id }, body: { text: 'third' } }, { headers })
    await refusedInBoth(send, 409, 'chat.answer-running')
    const won = (await sends.find(({ status }) => status === 201)!.json()) as {
      answer: { answer: { generationId: string } }
    }
    await untilEnded(client, won.answer.answer.generationId)
    // The refused message is nowhere: it is the sender's to send again.
    expect((await client.call('chat.getConversation', { params: { id } })).messages).toHaveLength(2)
    const { generationId } = await ask(client, model.id, 'second', id)
    expect((await untilEnded(client, generationId)).state).toBe('finished')
    expect((await client.call('chat.getConversation', { params: { id } })).messages).toHaveLength(4)
  })

  test('a stale version is answered with what is there now', async () => {
    const { id, version } = await client.call('chat.createConversation', { body: { title: 'one' } })
    const rename = (title: string) =>
      client.send('chat.updateConversation', { params: { id }, body: { version, title } })
    const both = await Promise.all([rename('two'), rename('three')])
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const kept = (await both.find(({ status }) => status === 200)!.json()) as { title: string }
    const problem = (await both.find(({ status }) => status === 409)!.json()) as {
      code: string
      current: object
    }
    expect(problem).toMatchObject({
      code: 'platform.stale-version',
      current: { title: kept.title, version: version + 1 },
    })
    const send = (headers: Record<string, string>) =>
      client.send(
        'chat.updateConversation',
        { params: { id }, body: { version, title: 'four' } },
        { headers },
      )
    await refusedInBoth(send, 409, 'platform.stale-version')
    const rows = (await audit(client)).filter(
      ({ targetId, action }) => targetId === id && action === 'conversation.updated',
    )
    expect(rows).toHaveLength(1)
  })

  test('a stale version of a model, and a name that is taken', async () => {
    const model = await addModel(client, standIn)
    const update = (body: object) => client.send('models.update', { params: { id: model.id }, body })
    expect((await update({ version: 1, contextWindow: 1000 })).status).toBe(200)
    const stale = (await (await update({ version: 1, contextWindow: 2000 })).json()) as object
    expect(stale).toMatchObject({
      code: 'platform.stale-version',
      current: { contextWindow: 1000, version: 2 },
    })
    const body = { name: model.name, connectionId: model.connectionId, providerModel: 'x' }
    await refusedInBoth(
      (headers) => client.send('models.create', { body }, { headers }),
      409,
      'models.name-taken',
    )
  })

  test('a repeat with the same Idempotency-Key does nothing twice', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const body = { title: unique('once') }
    const first = await client.call('chat.createConversation', { body }, { headers })
    const again = await client.send('chat.createConversation', { body }, { headers })
    expect(again.status).toBe(201)
    expect(await again.json()).toEqual(first)
    const other = (more: Record<string, string>) =>
      client.send(
        'chat.createConversation',
        { body: { title: 'another' } },
        { headers: { ...more, ...headers } },
      )
    await refusedInBoth(other, 409, 'platform.idempotency-mismatch')
    const rows = (await audit(client)).filter(({ targetId }) => targetId === first.id)
    expect(rows).toHaveLength(1)
    const stranger = await makeUser(server, client, 'member')
    expect((await stranger.client.call('chat.createConversation', { body }, { headers })).id).not.toBe(
      first.id,
    )
  })

  test('a message with the same key is sent once, even at the same moment', async () => {
    const model = await addModel(client, standIn)
    const { id } = await client.call('chat.createConversation', { body: { modelId: model.id } })
    const headers = { 'idempotency-key': randomUUID() }
    const input = { params: { id }, body: { text: 'once' } }
    const replies = await Promise.all([1, 2, 3].map(() => client.send('chat.send', input, { headers })))
    for (const reply of replies) {
      if (reply.status !== 201)
        expect(((await reply.json()) as { code: string }).code).toBe('platform.idempotency-running')
    }
    expect(replies.some(({ status }) => status === 201)).toBe(true)
    await until(
      async () =>
        (await client.call('chat.getConversation', { params: { id } })).messages.at(-1)?.answer?.state ===
        'finished',
    )
    expect((await client.send('chat.send', input, { headers })).status).toBe(201)
    expect((await client.call('chat.getConversation', { params: { id } })).messages).toHaveLength(2)
  })

  test('a key that was made is not shown again by a repeat', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const body = { name: unique('key') }
    await client.call('auth.createKey', { body }, { headers })
    await refusedInBoth(
      (more) => client.send('auth.createKey', { body }, { headers: { ...more, ...headers } }),
      409,
      'platform.idempotency-secret',
    )
    const { items } = await client.call('auth.listKeys', { query: { limit: 200 } })
    expect(items.filter(({ name }) => name === body.name)).toHaveLength(1)
  })

  test('the same mail twice', async () => {
    const email = `${unique('twice')}@example.com`
    const body = { email, role: 'member' as const, password: 'three words and a comma' }
    const both = await Promise.all([1, 2].map(() => client.send('auth.createUser', { body })))
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409])
    const send = (headers: Record<string, string>) =>
      client.send('auth.createUser', { body: { ...body, email: email.toUpperCase() } }, { headers })
    await refusedInBoth(send, 409, 'auth.email-taken')
  })
})
