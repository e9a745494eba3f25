import { afterEach, describe, expect, test, vi } from 'vitest'
import { probe } from './probe.ts'
import { rateOf } from './probe-rate.ts'
import type { ProbeRequest, ProbeStep } from './probe.ts'
import { nodeTransport } from './testing/node-transport.ts'
import { startProviderStandIn } from './testing/provider-stand-in.ts'
import type { ProviderStandIn, StandInOptions } from './testing/stand-in-options.ts'

let standIn: ProviderStandIn | undefined
afterEach(() => standIn?.close())

const LIMITS = { firstTokenTimeoutMs: 2000, idleTimeoutMs: 2000 }

const run = async (
  options: StandInOptions,
  request: Partial<ProbeRequest> = {},
): Promise<{ passed: boolean; steps: ProbeStep[]; last: Record<string, string> }> => {
  standIn = await startProviderStandIn(options)
  const steps: ProbeStep[] = []
  const connection = { baseUrl: standIn.url, apiKey: 'key' }
  const passed = await probe(
    { kind: 'openai-compatible', connection, model: 'stand-in', ...request },
    { transport: nodeTransport, signal: new AbortController().signal, ...LIMITS },
    (step) => steps.push(step),
  )
  const last = Object.fromEntries(
    steps.map(({ step, state, code }) => [step, code ? `${state} ${code}` : state]),
  )
  return { passed, steps, last }
}

const slow = {
  tokenDelayMs: 5,
  reply: () => ({ reasoning: 'I count to ten.', text: 'One two three four five six seven.' }),
}

describe('a connection that works', () => {
  test('passes every step, at the cost of one generation', async () => {
    const { passed, steps, last } = await run(slow)
    expect(passed).toBe(true)
    expect(last).toEqual({
      reach: 'passed',
      authenticate: 'passed',
      'list-models': 'passed',
      'first-token': 'passed',
      stream: 'passed',
    })
    expect(steps[0]).toMatchObject({ step: 'reach', state: 'running' })
    expect(steps.find(({ step, state }) => step === 'reach' && state === 'passed')?.params).toMatchObject({
      address: '127.0.0.1',
    })
    expect(steps.find(({ step, state }) => step === 'list-models' && state === 'passed')?.params).toEqual({
      count: 1,
      model: 'stand-in',
    })
    const chats = standIn?.requests.filter(({ method }) => method === 'POST') ?? []
    expect(chats).toHaveLength(1)
    expect(chats[0]?.body).toMatchObject({ max_tokens: 48 })
  })

  test('counts pieces and says so where the provider counts nothing', async () => {
    const { steps } = await run({ ...slow, kind: 'transformers-serve' })
    expect(steps.at(-1)).toMatchObject({ step: 'stream', state: 'passed', params: { counted: 'pieces' } })
  })

  test('takes the provider’s own count where there is one', async () => {
    const { steps } = await run({ ...slow, kind: 'ollama' }, { kind: 'ollama' })
    expect(steps.at(-1)).toMatchObject({ step: 'stream', state: 'passed', params: { counted: 'usage' } })
  })

  test('gives no rate for a reply that came at once', async () => {
    const { last } = await run({ reply: () => ({ text: 'Hi' }) })
    expect(last.stream).toBe('warning provider.rate-unknown')
  })

  test('a provider without a list is not a failure', async () => {
    const { passed, last } = await run({ ...slow, offersModels: false })
    expect(passed).toBe(true)
    expect(last).toMatchObject({
      authenticate: 'passed',
      'list-models': 'skipped provider.list-not-offered',
      stream: 'passed',
    })
  })

  test('warns of a model that is not on the list', async () => {
    const { passed, last } = await run({ ...slow, models: ['other'] })
    expect(passed).toBe(true)
    expect(last['list-models']).toBe('warning provider.model-not-listed')
  })

  test('warns where nothing is shown', async () => {
    const { last } = await run({ reply: () => ({ finishReason: 'length' }) })
    expect(last).toMatchObject({ 'first-token': 'warning provider.nothing-shown', stream: 'skipped' })
  })
})

describe('a connection that does not', () => {
  test('no server', async () => {
    const gone = await startProviderStandIn()
    await gone.close()
    const { passed, last, steps } = await run({}, { connection: { baseUrl: gone.url } })
    expect(passed).toBe(false)
    expect(last).toEqual({
      reach: 'failed provider.unreachable',
      authenticate: 'skipped',
      'list-models': 'skipped',
      'first-token': 'skipped',
      stream: 'skipped',
    })
    expect(steps.find(({ state }) => state === 'failed')?.params).toMatchObject({ reason: 'refused' })
  })

  test('a wrong key costs no generation', async () => {
    const { last } = await run({ apiKey: 'another' })
    expect(last).toMatchObject({
      reach: 'passed',
      authenticate: 'failed provider.unauthorized',
      'first-token': 'skipped',
    })
    expect(standIn?.requests.every(({ method }) => method === 'GET')).toBe(true)
  })

  test('a key that is refused only for the generation', async () => {
    const { last } = await run({ fail: 401 })
    expect(last).toMatchObject({
      authenticate: 'failed provider.unauthorized',
      'first-token': 'skipped',
      stream: 'skipped',
    })
  })

  test('a model that is not there', async () => {
    const { last } = await run({ fail: 404, kind: 'ollama' }, { kind: 'ollama' })
    expect(last).toMatchObject({ 'first-token': 'failed provider.model-not-found', stream: 'skipped' })
  })

  test('a stream that breaks', async () => {
    const { passed, last } = await run({ ...slow, fail: 'cut-off', kind: 'anthropic' }, { kind: 'anthropic' })
    expect(passed).toBe(false)
    expect(last).toMatchObject({ 'first-token': 'passed', stream: 'failed provider.cut-off' })
  })
})

test('a stop ends the test and the generation', async () => {
  standIn = await startProviderStandIn({ fail: 'stall-before-first-token' })
  const stop = new AbortController()
  const running = probe(
    { kind: 'openai-compatible', connection: { baseUrl: standIn.url }, model: 'stand-in' },
    { transport: nodeTransport, signal: stop.signal, ...LIMITS },
    () => undefined,
  )
  await vi.waitFor(() => expect(standIn?.requests).toHaveLength(2))
  stop.abort()
  await expect(running).rejects.toBe(stop.signal.reason)
  await vi.waitFor(() => expect(standIn?.requests[1]?.aborted).toBe(true))
})

describe('the rate', () => {
  test('leaves out what came before the clock started', () => {
    expect(rateOf([0, 50, 100, 150, 200], { outputTokens: 10 }, 0).tokensPerSecond).toBe(40)
  })
  test('leaves out reasoning that was not shown', () => {
    expect(rateOf([0, 50, 100, 150, 200], { outputTokens: 110 }, 100).tokensPerSecond).toBe(40)
  })
  test('counts pieces for want of better', () => {
    expect(rateOf([0, 50, 100, 150, 200], undefined, 0)).toEqual({
      counted: 'pieces',
      pieces: 5,
      tokensPerSecond: 20,
    })
  })
  test('says nothing about too little', () => {
    expect(rateOf([0, 5, 10], { outputTokens: 90 }, 0).tokensPerSecond).toBeUndefined()
    expect(rateOf([0, 500], { outputTokens: 90 }, 0).tokensPerSecond).toBeUndefined()
  })
})
