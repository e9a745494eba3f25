import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { FailMode, ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { freePort } from '../support/ports.ts'
import { admin, startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { setSetting } from './support/sql.ts'
import { readEvents } from './support/sse.ts'
import { trainsAtLength, untilEngine, untilRun } from './support/training.ts'
import {
  addModel,
  answerText,
  ask,
  audit,
  makeUser,
  refusal,
  unique,
  untilChecked,
  untilEnded,
} from './support/world.ts'

const CHINESE = /\p{Script=Han}/u
const TEXT = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ')

let server: TestServer
let client: Client
let standIn: ProviderStandIn

beforeAll(async () => {
  standIn = await startProviderStandIn({ reply: () => ({ text: TEXT }), tokenDelayMs: 2 })
  server = await startServer({ engine: trainsAtLength })
  await server.stop()
  await setSetting(server, 'generations.firstTokenTimeout', 0.8)
  await setSetting(server, 'generations.idleTimeout', 0.6)
  await server.start()
  client = await server.adminClient()
})
afterAll(async () => {
  await server?.close()
  await standIn?.close()
})

/** The same refusal in both languages: one code, words in each, nothing left unfilled. */
async function refusedInBoth(
  send: (headers: Record<string, string>) => Promise<Response>,
  status: number,
  code: string,
): Promise<void> {
  for (const language of ['en', 'zh']) {
    const response = await send({
      'accept-language': language === 'en' ? 'en-GB,en' : 'zh-CN,zh;q=0.9,en;q=0.5',
    })
    const problem = (await response.json()) as Record<string, string>
    expect({ status: response.status, code: problem.code }).toEqual({ status, code })
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    const words = `${problem.title} ${problem.detail}`
    expect(CHINESE.test(words), words).toBe(language === 'zh')
    expect(words).not.toMatch(/[{}]|undefined|null/)
    expect(problem.detail!.length).toBeGreaterThan(5)
    expect(problem.requestId).toBeTruthy()
  }
}

/** What a stored failure says in both languages is the page's work; here it has a code of the catalogue. */
async function failedAnswer(fail: FailMode, url = standIn.url) {
  standIn.set({ fail })
  try {
    const model = await addModel(client, { url })
    const { generationId, conversationId } = await ask(client, model.id, 'Hello')
    const ended = await untilEnded(client, generationId)
    return { ended, model, conversationId }
  } finally {
    standIn.set({ fail: undefined })
  }
}

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
    const send = (headers: Record<string, string>) =>
      anyone.send('auth.signIn', { body: { email, password } }, { headers })
    await refusedInBoth(send, 429, 'auth.throttled')
  })

  test('a set-up link that is unknown, expired or used', async () => {
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

describe('a provider', () => {
  const nothingLost = async (conversationId: string, modelId: string) => {
    const { messages } = await client.call('chat.getConversation', { params: { id: conversationId } })
    expect(messages[0]!.parts).toEqual([{ type: 'text', text: 'Hello' }])
    const again = await client.call('chat.retry', {
      params: { id: conversationId, messageId: messages[0]!.id },
      body: {},
    })
    const ended = await untilEnded(client, again.answer!.generationId)
    expect(ended.state, JSON.stringify(ended.error)).toBe('finished')
    expect(answerText(ended.parts)).toBe(TEXT)
    expect((await client.call('models.get', { params: { id: modelId } })).id).toBe(modelId)
  }

  const before: [FailMode, string][] = [
    [401, 'provider.unauthorized'],
    [403, 'provider.forbidden'],
    [404, 'provider.model-not-found'],
    [429, 'provider.rate-limited'],
    [529, 'provider.overloaded'],
    ['stall-before-first-token', 'provider.first-token-timeout'],
    ['garbage', 'provider.garbage'],
  ]
  test.each(before)('that fails with %s: nothing came, the question is kept', async (fail, code) => {
    const { ended, model, conversationId } = await failedAnswer(fail)
    expect(ended).toMatchObject({ state: 'failed', error: { code }, parts: [] })
    expect(ended.endedAt).not.toBeNull()
    await until(
      async () => (await client.call('models.get', { params: { id: model.id } })).lastError?.code === code,
    )
    const rows = (await audit(client)).filter(({ targetId }) => targetId === conversationId)
    expect(rows.map(({ action }) => action)).toContain('message.sent')
    await nothingLost(conversationId, model.id)
  })

  const midway: [FailMode, string][] = [
    ['stall-between-tokens', 'provider.stalled'],
    ['cut-off', 'provider.cut-off'],
    ['error-event', 'provider.stream-error'],
  ]
  test.each(midway)('that ends with %s in mid-answer: what came is kept', async (fail, code) => {
    const { ended, model, conversationId } = await failedAnswer(fail)
    expect(ended).toMatchObject({ state: 'failed', error: { code } })
    const kept = answerText(ended.parts)
    expect(kept.length).toBeGreaterThan(20)
    expect(TEXT.startsWith(kept)).toBe(true)
    const { messages } = await client.call('chat.getConversation', { params: { id: conversationId } })
    expect(answerText(messages[1]!.parts)).toBe(kept)
    await nothingLost(conversationId, model.id)
  })

  test('that is not there', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const { ended } = await failedAnswer(500, url)
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'provider.unreachable' } })
    const send = (headers: Record<string, string>) =>
      client.send('models.offered', { body: { provider: 'openai-compatible', baseUrl: url } }, { headers })
    await refusedInBoth(send, 502, 'provider.unreachable')
  })

  test('at an address that is refused: metadata services, the server itself', async () => {
    for (const baseUrl of [
      'http://169.254.169.254/v1',
      server.baseUrl,
      `http://127.0.0.1:${server.port}/v1`,
    ]) {
      const response = await client.send('models.offered', {
        body: { provider: 'openai-compatible', baseUrl },
      })
      const problem = (await response.json()) as object
      expect(problem, baseUrl).toMatchObject({
        code: 'provider.unreachable',
        params: { reason: 'blocked', detail: 'platform.address-refused' },
      })
    }
  })

  test('whose test fails says at which step, and skips the rest', async () => {
    const steps = async (fail: FailMode | undefined, baseUrl = standIn.url) => {
      standIn.set({ fail })
      const body = { provider: 'openai-compatible' as const, baseUrl, apiKey: 'k', providerModel: 'm' }
      const events = await readEvents(await client.send('models.test', { body }))
      standIn.set({ fail: undefined })
      const last = new Map<string, { state: string; code: string | null }>()
      for (const { event, data } of events) {
        const step = data as { step: string; state: string; code: string | null }
        if (event === 'step') last.set(step.step, step)
      }
      return [...last.values()].find(({ state }) => state === 'failed')
    }
    expect(await steps(undefined, `http://127.0.0.1:${await freePort()}`)).toMatchObject({
      step: 'reach',
      code: 'provider.unreachable',
    })
    expect(await steps(404)).toMatchObject({ step: 'first-token', code: 'provider.model-not-found' })
    expect(await steps('garbage')).toMatchObject({ step: 'first-token', code: 'provider.garbage' })
    expect(await steps('cut-off')).toMatchObject({ step: 'stream', code: 'provider.cut-off' })
    standIn.set({ apiKey: 'another' })
    expect(await steps(undefined)).toMatchObject({ step: 'authenticate', code: 'provider.unauthorized' })
    standIn.set({ apiKey: undefined })
  })
})

describe('an upload', () => {
  const upload = (body: string | Uint8Array, name = unique('data')) =>
    client.send('datasets.upload', { query: { name }, body })
  const checked = async (body: string | Uint8Array) => {
    const reply = await upload(body)
    expect(reply.status).toBe(201)
    const { id } = (await reply.json()) as { id: string }
    return untilChecked(client, id, 50_000)
  }
  const files = () =>
    readdirSync(path.join(server.dataFolder, 'files'), { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    ).length

  test('that is empty is refused, and leaves nothing', async () => {
    await checked('{"prompt":"a","completion":"b"}\n')
    const before = files()
    const send = (headers: Record<string, string>) =>
      client.send('datasets.upload', { query: { name: unique('data') }, body: '' }, { headers })
    await refusedInBoth(send, 422, 'datasets.empty')
    expect(files()).toBe(before)
  })

  const kinds: [string, string | Uint8Array, string][] = [
    ['one JSON array', JSON.stringify([{ prompt: 'a', completion: 'b' }], null, 2), 'datasets.not-jsonl'],
    ['UTF-16', Buffer.from('{"prompt":"a","completion":"b"}\n', 'utf16le'), 'datasets.wrong-encoding'],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]), 'datasets.compressed'],
    ['parquet', Buffer.from('PAR1\u0015\u0004'), 'datasets.binary'],
    ['prose', 'Once upon a time\nthere was no JSON.\n', 'datasets.no-good-rows'],
  ]
  test.each(kinds)('that is %s fails its check with a reason', async (_, body, code) => {
    const dataset = await checked(body)
    expect(dataset).toMatchObject({ state: 'failed', error: { code } })
    const rows = (await audit(client)).filter(({ targetId }) => targetId === dataset.id)
    expect(rows.map(({ action }) => action)).toEqual(['dataset.uploaded'])
    if (!trainsAtLength) return
    const send = (headers: Record<string, string>) =>
      client.send(
        'training.start',
        { body: { name: 'x', datasetId: dataset.id, baseModel: { kind: 'starter' } } },
        { headers },
      )
    await until(async () => (await client.call('training.engine')).state === 'ready', { timeoutMs: 60_000 })
    await refusedInBoth(send, 409, 'training.dataset-not-ready')
  })

  test('that is cut off in the middle leaves nothing', async () => {
    const before = files()
    const had = (await client.call('datasets.list', { query: { limit: 200 } })).items.length
    await new Promise<void>((resolve) => {
      const sending = request(`${server.baseUrl}/api/v1/datasets?name=cut`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${client.token}`,
          'content-type': 'application/octet-stream',
          'content-length': 50_000_000,
        },
      })
      sending.on('error', () => resolve())
      sending.write('{"prompt":"a","completion":"b"}\n'.repeat(20_000))
      const unfinished = path.join(server.dataFolder, 'files/unfinished')
      void until(() => readdirSync(unfinished).length > 0).then(() => sending.destroy())
    })
    await until(() => files() <= before, { what: 'the clearing away of the half' })
    expect((await client.call('datasets.list', { query: { limit: 200 } })).items).toHaveLength(had)
  })

  test('with a line of 50 MB sets that line aside, and keeps the others', async () => {
    const good = '{"prompt":"a","completion":"b"}\n'
    const line = `{"prompt":"a","completion":"${'x'.repeat(50 * 1024 * 1024)}"}\n`
    const dataset = await checked(good + line + good)
    expect(dataset).toMatchObject({ state: 'ready', rows: 3, badRows: 1 })
    const { items } = await client.call('datasets.badRows', { params: { id: dataset.id } })
    expect(items).toHaveLength(1)
    expect(items[0]!.row).toBe(2)
    expect(items[0]!.excerpt.length).toBeLessThan(500)
    const rows = await client.call('datasets.rows', { params: { id: dataset.id } })
    expect(rows.items.map(({ row }) => row)).toEqual([1, 3])
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

describe('a training', () => {
  test.skipIf(trainsAtLength)('without an engine is refused in words', async () => {
    const { id } = await client.call('datasets.addSample')
    await untilChecked(client, id)
    const send = (headers: Record<string, string>) =>
      client.send(
        'training.start',
        { body: { name: 'x', datasetId: id, baseModel: { kind: 'starter' } } },
        { headers },
      )
    await refusedInBoth(send, 409, 'training.engine-not-ready')
  })

  describe.skipIf(!trainsAtLength)('with the engine', () => {
    let datasetId: string
    beforeAll(async () => {
      await untilEngine(client)
      datasetId = (await client.call('datasets.addSample')).id
      await untilChecked(client, datasetId)
    }, 120_000)

    test('of a base model that is not there', async () => {
      const baseModel = { kind: 'folder' as const, path: path.join(server.dataFolder, 'no-such') }
      const send = (headers: Record<string, string>) =>
        client.send('training.start', { body: { name: 'x', datasetId, baseModel } }, { headers })
      await refusedInBoth(send, 422, 'training.base-model-missing')
    })

    test('of a folder that is no model fails, with its class and its log; the next one runs', async () => {
      const folder = path.join(server.dataFolder, 'no-model')
      mkdirSync(folder)
      writeFileSync(path.join(folder, 'config.json'), '{}')
      const { id } = await client.call('training.start', {
        body: { name: 'bad base', datasetId, baseModel: { kind: 'folder', path: folder }, steps: 5 },
      })
      const after = await client.call('training.start', {
        body: { name: 'after it', datasetId, baseModel: { kind: 'starter' }, steps: 3 },
      })
      const failed = await untilRun(client, id, ({ endedAt }) => endedAt !== null)
      expect(failed).toMatchObject({
        state: 'failed',
        error: { code: 'training.MODEL_LOAD' },
        servable: false,
      })
      expect((await client.call('training.log', { params: { id } })).total).toBeGreaterThan(0)
      const good = await untilRun(client, after.id, ({ endedAt }) => endedAt !== null)
      expect(good).toMatchObject({ state: 'succeeded', error: null })
      rmSync(folder, { recursive: true })
    }, 240_000)
  })
})
