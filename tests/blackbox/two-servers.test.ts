import { randomBytes } from 'node:crypto'
import type { ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { databaseOfRun } from '../support/database.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { swanlabSession } from './support/swanlab.ts'
import { Tab, textOf } from './support/socket.ts'
import {
  addModel,
  answerText,
  ask,
  getGeneration,
  makeUser,
  refusal,
  unique,
  untilEnded,
} from './support/world.ts'

const words = Array.from({ length: 80 }, (_, index) => `word${index}`).join(' ')

// SQLite's file belongs to one server.
describe.skipIf(databaseOfRun() === 'sqlite')('two servers on one database', () => {
  let a: TestServer
  let b: TestServer
  let onA: Client
  let onB: Client
  let standIn: ProviderStandIn
  const tabs: Tab[] = []

  const openTab = async (client: Client): Promise<Tab> => {
    const tab = await Tab.open(client)
    tabs.push(tab)
    return tab
  }

  beforeAll(async () => {
    standIn = await startProviderStandIn({ reply: () => ({ text: words }), tokenDelayMs: 25 })
    const masterKey = randomBytes(32).toString('base64')
    a = await startServer({ env: { ANNEAL_MASTER_KEY: masterKey } })
    const { databaseUrl } = a
    b = await startServer({ databaseUrl, env: { ANNEAL_MASTER_KEY: masterKey } })
    onA = await a.adminClient()
    onB = await b.adminClient()
  })
  afterEach(() => tabs.splice(0).forEach((tab) => tab.close()))
  afterAll(async () => {
    await b?.close()
    await a?.close()
    await standIn?.close()
  })

  test('a change on one reaches a reader of the other within a second', async () => {
    const tab = await openTab(onB)
    const delays: number[] = []
    for (let round = 0; round < 5; round += 1) {
      const { id } = await onA.call('chat.createConversation', { body: { title: `round ${round}` } })
      const began = performance.now()
      await until(() => tab.changes('conversation', id).length > 0, { what: 'the change on the other' })
      delays.push(performance.now() - began)
    }
    // One of five may be late on a busy machine; more would be a rule.
    expect(delays.filter((delay) => delay > 1000).length, delays.join(', ')).toBeLessThanOrEqual(1)
  })

  test('every change comes once, in the order of its number, to readers of both', async () => {
    const [tabA, tabB] = [await openTab(onA), await openTab(onB)]
    const made = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        (index % 2 ? onA : onB).call('chat.createConversation', { body: { title: `n ${index}` } }),
      ),
    )
    for (const tab of [tabA, tabB]) {
      await until(() => made.every(({ id }) => tab.changes('conversation', id).length > 0))
      for (const { id } of made) expect(tab.changes('conversation', id)).toHaveLength(1)
      const numbers = tab.of('change').map((change) => change.number)
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
    }
  })

  test('an answer that runs on one is followed from the other to its end', async () => {
    const model = await addModel(onA, standIn)
    const tab = await openTab(onB)
    const { generationId, conversationId } = await ask(onA, model.id, 'Say all words')
    tab.watch('generation', generationId)
    await until(() => tab.events(generationId).length > 0, { what: 'the first piece on the other server' })
    expect((await getGeneration(onB, generationId)).state).toBe('running')
    await until(() => tab.isDone(generationId), { what: 'its end on the other server' })
    const seen = tab.events(generationId).map(({ seq }) => seq)
    expect(seen).toEqual(seen.map((_, index) => index + 1))
    expect(words.startsWith(textOf(tab.events(generationId)))).toBe(true)
    const ended = await getGeneration(onB, generationId)
    expect(ended.state).toBe('finished')
    expect(answerText(ended.parts)).toBe(words)
    const { messages } = await onB.call('chat.getConversation', { params: { id: conversationId } })
    expect(answerText(messages.at(-1)!.parts)).toBe(words)
  })

  test('a stop on the other ends it where it runs', async () => {
    const model = await addModel(onA, standIn)
    const { generationId } = await ask(onA, model.id, 'Say all words')
    await until(async () => answerText((await getGeneration(onA, generationId)).parts).length > 20)
    const call = standIn.requests.at(-1)!
    await onB.call('generations.stop', { params: { id: generationId } })
    const ended = await untilEnded(onA, generationId)
    expect(ended.state).toBe('stopped')
    const text = answerText(ended.parts)
    expect(text.length).toBeGreaterThan(20)
    expect(text.length).toBeLessThan(words.length)
    expect(words.startsWith(text)).toBe(true)
    await until(() => call.aborted, { what: "the end of the provider's call" })
  })

  test('a sign-out on one ends the session on the other within 2 s, sockets too', async () => {
    const { client, email, password } = await makeUser(a, onA, 'member')
    const other = b.client()
    other.token = client.token
    await other.call('auth.me')
    const tab = await openTab(other)
    await client.call('auth.signOut')
    const began = performance.now()
    const code = await until(async () => {
      const refused = await refusal(other.call('auth.me')).catch(() => null)
      return refused?.code
    })
    expect(performance.now() - began).toBeLessThan(2000)
    expect(code).toBe('auth.session-ended')
    await until(() => tab.closed)
    expect(tab.closed).toBe(4401)
    await client.signIn(email, password)
  })

  test('a key that is revoked on one is none on the other', async () => {
    const { key, id } = await onA.call('auth.createKey', { body: { name: unique('key') } })
    const byKey = b.client()
    byKey.token = key
    await byKey.call('auth.me')
    await onA.call('auth.revokeKey', { params: { id } })
    await until(async () => (await byKey.send('auth.me')).status === 401, { timeoutMs: 2000 })
  })

  test('points that one takes in reach a reader of the other, each once', async () => {
    const run = await swanlabSession(a, onA)
    await run.metrics([{ key: 'train/loss', index: 1, data: 3 }])
    const tab = await openTab(onB)
    tab.watch('points', run.id)
    for (let step = 2; step <= 6; step += 1) {
      await run.metrics([{ key: 'train/loss', index: step, data: 3 / step }])
    }
    const stepsSeen = () =>
      tab.arrivals(run.id).flatMap(({ message }) => message.series.flatMap((series) => series.step))
    await until(() => stepsSeen().length >= 6, { what: 'the points on the other server' })
    expect(stepsSeen()).toEqual([1, 2, 3, 4, 5, 6])
    const points = await onB.call('tracking.points', {
      params: { id: run.id },
      query: { keys: encodeURIComponent('train/loss') },
    })
    expect(points.series[0]?.step).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('a data folder or master key of its own is needed, and said so', async () => {
    const { databaseUrl } = a
    const wrongKey = randomBytes(32).toString('base64')
    const start = startServer({ databaseUrl, env: { ANNEAL_MASTER_KEY: wrongKey } })
    await expect(start).rejects.toThrow(/master key/i)
  })
})
