import { type ProviderStandIn, startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { addModel, ask, audit, makeUser, refusal, unique, untilEnded } from './support/world.ts'

let server: TestServer
let admin: Client
let manager: Client
let member: Client
let standIn: ProviderStandIn
let ollama: ProviderStandIn

const offeredNames = ['small', 'large', 'Large', 'text-embedding-3-small']
const price = {
  currency: 'USD',
  inputMicros: 1_250_000,
  cachedInputMicros: 125_000,
  outputMicros: 10_000_000,
}

beforeAll(async () => {
  server = await startServer()
  admin = await server.adminClient()
  manager = (await makeUser(server, admin, 'manager')).client
  member = (await makeUser(server, admin, 'member')).client
  standIn = await startProviderStandIn({ kind: 'openai', models: offeredNames })
  ollama = await startProviderStandIn({ kind: 'ollama' })
}, 120_000)
afterAll(async () => {
  await Promise.all([standIn?.close(), ollama?.close()])
  await server?.close()
})
beforeEach(() => {
  standIn.set({ fail: undefined, reply: () => ({ text: 'One two three.' }) })
  ollama.set({ models: ['qwen3:8b', 'nomic-embed-text:latest'], pull: { steps: 3 } })
})

const connect = (client: Client, at: ProviderStandIn, visibility: 'private' | 'everyone' = 'everyone') =>
  client.call('models.createConnection', {
    body: {
      name: unique('connection'),
      provider: at === ollama ? 'ollama' : 'openai-compatible',
      baseUrl: at.url,
      visibility,
    },
  })
const getModel = (id: string, client = admin) => client.call('models.get', { params: { id } })

describe('several models at once', () => {
  test('what a connection offers is listed with what is known of it, and what is there already', async () => {
    const { id } = await connect(manager, standIn)
    await manager.call('models.createMany', {
      params: { id },
      body: { models: [{ providerModel: 'small' }] },
    })
    const { items } = await manager.call('models.offered', { body: { connectionId: id } })
    expect(items.map((item) => [item.id, item.kind, item.added])).toEqual([
      ['small', 'chat', true],
      ['large', 'chat', false],
      ['Large', 'chat', false],
      ['text-embedding-3-small', 'embedding', false],
    ])
  })

  test('each is added or says why not; a taken name gets a number', async () => {
    const { id } = await connect(manager, standIn)
    const name = unique('name')
    const { items } = await manager.call('models.createMany', {
      params: { id },
      body: {
        visibility: 'everyone',
        models: [
          { providerModel: 'small', name, price, kind: 'chat', contextWindow: 8192 },
          { providerModel: 'large', name },
          { providerModel: 'small', name: unique('again') },
          { providerModel: 'Large', name: name.toUpperCase() },
        ],
      },
    })
    expect(items.map((item) => item.model?.name ?? item.error?.code)).toEqual([
      name,
      `${name} 2`,
      'models.already-added',
      `${name.toUpperCase()} 3`,
    ])
    expect(items[0]?.model).toMatchObject({ price, contextWindow: 8192, enabled: true, health: 'unknown' })
    const connection = await manager.call('models.getConnection', { params: { id } })
    expect(connection).toMatchObject({ models: 3, health: 'unknown', failingModels: 0, lastOkAt: null })
    const created = (await audit(admin)).filter(
      (row) => row.action === 'model.created' && row.details['connectionId'] === id,
    )
    expect(created).toHaveLength(3)
  })

  test('is refused to a member, on a private connection of another, and for too many', async () => {
    const mine = await connect(manager, standIn)
    const body = { models: [{ providerModel: 'small' }] }
    const denied = await refusal(member.call('models.createMany', { params: { id: mine.id }, body }))
    expect([denied.status, denied.code]).toEqual([403, 'auth.forbidden'])
    const other = (await makeUser(server, admin, 'manager')).client
    const hidden = await connect(other, standIn, 'private')
    const unseen = await refusal(manager.call('models.createMany', { params: { id: hidden.id }, body }))
    expect([unseen.status, unseen.code]).toEqual([404, 'models.connection-not-found'])
    const many = { models: Array.from({ length: 201 }, (_, n) => ({ providerModel: `m${n}` })) }
    const tooMany = await refusal(manager.call('models.createMany', { params: { id: mine.id }, body: many }))
    expect(tooMany.status).toBe(422)
  })
})

describe('price, kind and switch', () => {
  test('a price is kept exactly, changed and taken away; a bad one is refused by field', async () => {
    const model = await addModel(manager, standIn)
    const set = (value: unknown) =>
      manager.call('models.update', {
        params: { id: model.id },
        body: { version: 1, price: value as typeof price },
      })
    const largest = { ...price, inputMicros: 10_000_000_000_000, cachedInputMicros: null }
    expect((await set(largest)).price).toEqual(largest)
    for (const bad of [
      { ...price, currency: 'usd' },
      { ...price, inputMicros: 0.5 },
      { ...price, outputMicros: -1 },
    ]) {
      expect((await refusal(set(bad))).status).toBe(422)
    }
    const gone = await manager.call('models.update', {
      params: { id: model.id },
      body: { version: 2, price: null },
    })
    expect(gone.price).toBeNull()
  })

  test('one that is switched off says so, and is not called', async () => {
    const model = await addModel(manager, standIn)
    const off = await manager.call('models.update', {
      params: { id: model.id },
      body: { version: 1, enabled: false },
    })
    expect(off).toMatchObject({ enabled: false, health: 'off' })
    const messages = [{ role: 'user' as const, content: 'Hello' }]
    const denied = await refusal(member.call('generations.start', { body: { modelId: model.id, messages } }))
    expect([denied.status, denied.code]).toEqual([409, 'models.disabled'])
  })
})

describe('what a call costs', () => {
  const priced = async (value: typeof price | null) => {
    const model = await addModel(manager, standIn)
    if (value) {
      await manager.call('models.update', { params: { id: model.id }, body: { version: 1, price: value } })
    }
    return model.id
  }
  const meterOf = async (modelId: string) => {
    const { generationId } = await ask(member, modelId, 'Hello')
    return (await untilEnded(member, generationId)).meter
  }
  const usage = { inputTokens: 1000, cachedInputTokens: 800, outputTokens: 500, reasoningTokens: 100 }

  test('stands in the meter, once, by the price that it had', async () => {
    standIn.set({ reply: () => ({ text: 'Yes.', usage }) })
    const modelId = await priced(price)
    expect(await meterOf(modelId)).toMatchObject({ costMicros: 250 + 100 + 5000, currency: 'USD' })
    const { generationId } = await ask(member, modelId, 'Again')
    await untilEnded(member, generationId)
    await manager.call('models.update', { params: { id: modelId }, body: { version: 2, price: null } })
    await server.restart()
    const { meter } = await untilEnded(member, generationId)
    expect(meter).toMatchObject({ costMicros: 5350, currency: 'USD' })
  })

  test('is unknown without a price', async () => {
    standIn.set({ reply: () => ({ text: 'Yes.', usage }) })
    expect(await meterOf(await priced(null))).toMatchObject({ costMicros: null, currency: null })
  })
})

describe('health', () => {
  test('failures are kept, told of the connection too, and gone with the next good call', async () => {
    const model = await addModel(manager, standIn)
    standIn.set({ fail: 401 })
    const { generationId } = await ask(member, model.id, 'Hello')
    await untilEnded(member, generationId)
    const failing = await until(
      async () => {
        const now = await getModel(model.id)
        return now.health === 'failing' ? now : null
      },
      { what: 'the failure' },
    )
    expect(failing.lastError?.code).toBe('provider.unauthorized')
    const { items } = await member.call('models.failures', { params: { id: model.id } })
    expect(items.map((item) => item.code)).toEqual(['provider.unauthorized'])
    const params = { id: failing.connectionId }
    expect(await manager.call('models.getConnection', { params })).toMatchObject({
      health: 'failing',
      failingModels: 1,
    })
    const ofConnection = await manager.call('models.connectionFailures', { params })
    expect(ofConnection.items[0]).toMatchObject({ modelId: model.id, modelName: model.name })
    standIn.set({ fail: undefined })
    const good = await ask(member, model.id, 'Hello again')
    await untilEnded(member, good.generationId)
    await until(async () => (await getModel(model.id)).health === 'ok', { what: 'health' })
    expect((await getModel(model.id)).lastOkAt).not.toBeNull()
  })

  test("a provider's own words are for those who manage connections; others get the cause", async () => {
    const model = await addModel(manager, standIn)
    standIn.set({ fail: 'error-event' })
    const { generationId } = await ask(manager, model.id, 'Hello')
    await untilEnded(manager, generationId)
    const failureOf = async (client: Client) => (await getModel(model.id, client)).lastError
    const whole = await until(() => failureOf(manager), { what: 'the failure' })
    expect(whole.code).toBe('provider.stream-error')
    expect(whole.params['message']).not.toBe('')
    expect(whole.params).not.toHaveProperty('withheld')
    const listed = async (client: Client) =>
      (await client.call('models.failures', { params: { id: model.id } })).items[0]
    const inList = async (client: Client) =>
      (await client.call('models.list', { query: { limit: 200 } })).items.find((one) => one.id === model.id)
    const forMember = [
      await failureOf(member),
      await listed(member),
      (await inList(member))?.lastError,
      (await member.call('models.list', { query: { search: model.name } })).items[0]?.lastError,
    ]
    for (const shown of forMember) {
      expect(shown?.code).toBe('provider.stream-error')
      expect(shown?.params).toMatchObject({ message: '', withheld: 'message' })
    }
    for (const shown of [await listed(manager), (await inList(manager))?.lastError]) {
      expect(shown?.params['message']).toBe(whole.params['message'])
    }
  })

  test('the list is filtered by connection, health and what a model can do', async () => {
    const { id: connectionId } = await connect(manager, standIn)
    const can = { reasoning: true, tools: true, vision: false, json: null }
    const { items } = await manager.call('models.createMany', {
      params: { id: connectionId },
      body: {
        models: [
          { providerModel: 'small', name: unique('works'), capabilities: can },
          { providerModel: 'large', name: unique('fails') },
          { providerModel: 'Large', name: unique('fresh'), capabilities: { ...can, vision: true } },
          { providerModel: 'text-embedding-3-small', name: unique('off'), kind: 'embedding', enabled: false },
        ],
      },
    })
    const [works, fails, fresh, off] = items.map((item) => item.model?.id ?? '')
    await untilEnded(member, (await ask(member, works ?? '', 'Hello')).generationId)
    standIn.set({ fail: 500 })
    await untilEnded(member, (await ask(member, fails ?? '', 'Hello')).generationId)
    await until(async () => (await getModel(fails ?? '')).health === 'failing', { what: 'the failure' })
    await until(async () => (await getModel(works ?? '')).health === 'ok', { what: 'health' })
    const list = async (query: object) =>
      (await member.call('models.list', { query: { connectionId, ...query } })).items.map((item) => item.id)
    expect(new Set(await list({}))).toEqual(new Set([works, fails, fresh, off]))
    for (const [health, found] of [
      ['ok', [works]],
      ['failing', [fails]],
      ['unknown', [fresh]],
      ['off', [off]],
      ['slow', []],
    ] as const) {
      expect([health, await list({ health })]).toEqual([health, found])
    }
    expect(new Set(await list({ capability: 'reasoning' }))).toEqual(new Set([works, fresh]))
    expect(await list({ capability: 'vision' })).toEqual([fresh])
    expect(await list({ capability: 'embedding' })).toEqual([off])
    expect(await list({ capability: 'tools', health: 'ok' })).toEqual([works])
  })

  test('figures of the last hours are of what the asker may see', async () => {
    const model = await addModel(manager, standIn)
    const hidden = await addModel(manager, standIn)
    await manager.call('models.update', {
      params: { id: hidden.id },
      body: { version: 1, visibility: 'private' },
    })
    for (const [client, id] of [
      [member, model.id],
      [manager, hidden.id],
    ] as const) {
      await untilEnded(client, (await ask(client, id, 'Hello')).generationId)
    }
    const query = { hours: 24 }
    const found = await until(
      async () => {
        const { items } = await manager.call('models.figures', { query })
        return items.some((item) => item.modelId === hidden.id) ? items : null
      },
      { timeoutMs: 40_000, what: 'the figures' },
    )
    const own = found.find((item) => item.modelId === model.id)
    expect(own).toMatchObject({ calls: 1, failed: 0 })
    expect(own?.firstTokens.filter((value) => value !== null)).toHaveLength(1)
    const seen = await member.call('models.figures', { query })
    expect(seen.items.map((item) => item.modelId)).not.toContain(hidden.id)
    expect(seen.items.map((item) => item.modelId)).toContain(model.id)
  })
})

describe("Ollama's own models", () => {
  const pullOf = async (connectionId: string, id: string) => {
    const { items } = await manager.call('models.pulls', { params: { id: connectionId } })
    return items.find((item) => item.id === id)
  }
  const untilState = (connectionId: string, id: string, state: string) =>
    until(
      async () => {
        const now = await pullOf(connectionId, id)
        return now?.state === state ? now : null
      },
      { what: `a pull that is ${state}` },
    )
  const startPull = (client: Client, id: string, name: string) =>
    client.call('models.startPull', { params: { id }, body: { name } })

  test('are listed with what is added here', async () => {
    const { id } = await connect(manager, ollama)
    await manager.call('models.createMany', {
      params: { id },
      body: { models: [{ providerModel: 'nomic-embed-text', name: unique('embed') }] },
    })
    const { items } = await manager.call('models.localModels', { params: { id } })
    expect(items).toEqual([
      {
        name: 'nomic-embed-text:latest',
        sizeBytes: 5_225_387_923,
        parameterSize: '8.2B',
        quantization: 'Q4_K_M',
        changedAt: '2026-10-01T08:00:00.000Z',
        modelId: expect.any(String),
      },
      expect.objectContaining({ name: 'qwen3:8b', modelId: null }),
    ])
  })

  test('are brought with progress, once for a name asked for twice', async () => {
    ollama.set({ pull: { totalBytes: 5_000_000_000, steps: 40, stepDelayMs: 15 } })
    const { id } = await connect(manager, ollama)
    const first = await startPull(manager, id, 'gemma3:1b')
    const second = await startPull(manager, id, 'Gemma3:1b')
    expect(second.id).toBe(first.id)
    const under = await until(
      async () => {
        const now = await pullOf(id, first.id)
        return (now?.completedBytes ?? 0) > 0 ? now : null
      },
      { what: 'progress' },
    )
    expect(under).toMatchObject({ state: 'running', error: null })
    const done = await untilState(id, first.id, 'done')
    expect(done.endedAt).not.toBeNull()
    expect(ollama.requests.filter((request) => request.path === '/api/pull')).toHaveLength(1)
    const { items } = await manager.call('models.localModels', { params: { id } })
    expect(items.map((item) => item.name)).toContain('gemma3:1b')
  })

  test('stop coming when asked to, at the server too; two at once go on side by side', async () => {
    ollama.set({ pull: { steps: 400, stepDelayMs: 20 } })
    const { id } = await connect(manager, ollama)
    const first = await startPull(manager, id, 'one:1b')
    const second = await startPull(manager, id, 'two:1b')
    await untilState(id, first.id, 'running')
    await untilState(id, second.id, 'running')
    const cancel = (name: string) => manager.call('models.cancelPull', { params: { id }, body: { name } })
    await cancel('one:1b')
    expect((await pullOf(id, first.id))?.state).toBe('cancelled')
    const pulls = () => ollama.requests.filter((request) => request.path === '/api/pull').slice(-2)
    await until(() => pulls().some((request) => request.aborted), { what: 'the end at the server' })
    expect((await pullOf(id, second.id))?.state).toBe('running')
    await cancel('two:1b')
    await cancel('two:1b')
    await until(() => pulls().every((request) => request.aborted), { what: 'the end of both' })
    expect((await pullOf(id, first.id))?.state).toBe('cancelled')
  })

  test('go on after a restart of the server', async () => {
    ollama.set({ pull: { steps: 60, stepDelayMs: 20 } })
    const { id } = await connect(manager, ollama)
    const pull = await startPull(manager, id, 'three:1b')
    await untilState(id, pull.id, 'running')
    await server.restart()
    await untilState(id, pull.id, 'done')
  })

  test('that the registry does not have, or behind a server that is gone, end with the cause', async () => {
    ollama.set({ pull: { missing: ['nothing:1b'] } })
    const { id } = await connect(manager, ollama)
    const unknown = await untilState(id, (await startPull(manager, id, 'nothing:1b')).id, 'failed')
    expect(unknown.error).toMatchObject({ code: 'provider.model-not-found', params: { model: 'nothing:1b' } })
    const gone = await startProviderStandIn({ kind: 'ollama' })
    const away = await connect(manager, ollama)
    await manager.call('models.updateConnection', {
      params: { id: away.id },
      body: { version: 1, baseUrl: gone.url },
    })
    await gone.close()
    const failed = await untilState(away.id, (await startPull(manager, away.id, 'x:1b')).id, 'failed')
    expect(failed.error?.code).toBe('provider.unreachable')
    const listed = await refusal(manager.call('models.localModels', { params: { id: away.id } }))
    expect([listed.status, listed.code]).toEqual([502, 'provider.unreachable'])
  })

  test('are deleted; one that is not there is said to be unknown', async () => {
    const { id } = await connect(manager, ollama)
    const remove = () =>
      manager.call('models.deleteLocalModel', { params: { id }, query: { name: 'qwen3:8b' } })
    await remove()
    const again = await refusal(remove())
    expect([again.status, again.code]).toEqual([502, 'provider.model-not-found'])
    const rows = (await audit(admin)).filter((row) => row.action === 'connection.local-model-deleted')
    expect(rows[0]?.details).toEqual({ name: 'qwen3:8b' })
  })

  test('are for Ollama alone, for those who manage the connection, and by a name that can be one', async () => {
    const other = await connect(manager, standIn)
    const wrong = await refusal(startPull(manager, other.id, 'x'))
    expect([wrong.status, wrong.code]).toEqual([409, 'models.not-ollama'])
    const { id } = await connect(manager, ollama)
    expect((await refusal(startPull(member, id, 'x'))).status).toBe(403)
    for (const name of ['', 'a b', '../x', 'x:', 'https://x/y']) {
      const refused = await refusal(startPull(manager, id, name))
      expect([name, refused.status]).toEqual([name, 422])
    }
    const colleague = (await makeUser(server, admin, 'manager')).client
    const hidden = await connect(colleague, ollama, 'private')
    const unseen = await refusal(startPull(manager, hidden.id, 'x'))
    expect([unseen.status, unseen.code]).toEqual([404, 'models.connection-not-found'])
  })
})
