import type { FailMode, ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { freePort } from '../support/ports.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { refusedInBoth } from './support/refused.ts'
import { setSetting } from './support/sql.ts'
import { readEvents } from './support/sse.ts'
import { addModel, answerText, ask, audit, untilEnded } from './support/world.ts'

const TEXT = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ')

let server: TestServer
let client: Client
let standIn: ProviderStandIn

beforeAll(async () => {
  standIn = await startProviderStandIn({ reply: () => ({ text: TEXT }), tokenDelayMs: 2 })
  server = await startServer()
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

/** The end of an answer whose provider goes wrong in this way. */
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

  test('that names an error as its reason to end: the answer failed, here and in the ledger', async () => {
    standIn.set({ reply: () => ({ text: TEXT, finishReason: 'error' }) })
    const model = await addModel(client, { url: standIn.url })
    const { generationId, conversationId } = await ask(client, model.id, 'Hello')
    const ended = await untilEnded(client, generationId)
    standIn.set({ reply: () => ({ text: TEXT }) })
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'provider.gave-up' } })
    expect(answerText(ended.parts)).toBe(TEXT)
    const day = 86_400_000
    const query = {
      from: new Date(Date.now() - day).toISOString(),
      to: new Date(Date.now() + day).toISOString(),
    }
    const { groups } = await client.call('usage.report', { query })
    expect(groups.model.find(({ key }) => key === model.id)).toMatchObject({ requests: 1, errors: 1 })
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
