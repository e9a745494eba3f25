import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ProviderKind } from './provider.ts'
import { providers } from './providers.ts'
import { collect } from './testing/collect.ts'
import { nodeTransport } from './testing/node-transport.ts'
import type { FailMode } from './testing/play.ts'
import { startProviderStandIn } from './testing/provider-stand-in.ts'
import type { ProviderStandIn, StandInOptions } from './testing/stand-in-options.ts'
import type { StandInKind } from './testing/wire.ts'

const running: ProviderStandIn[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((standIn) => standIn.close()))
})
const start = async (options: StandInOptions): Promise<ProviderStandIn> => {
  const standIn = await startProviderStandIn(options)
  running.push(standIn)
  return standIn
}

const kinds: [StandInKind, ProviderKind][] = [
  ['openai', 'openai-compatible'],
  ['deepseek', 'openai-compatible'],
  ['transformers-serve', 'openai-compatible'],
  ['anthropic', 'anthropic'],
  ['ollama', 'ollama'],
]

const script = { reasoning: 'First I think. Über 思考', text: 'Then I answer with <b>tags</b> and 🎉.' }

describe.each(kinds)('%s', (kind, provider) => {
  test('a whole reply, cut at random places', async () => {
    const standIn = await start({ kind, reply: () => script, cutSeed: 7 })
    const { events, error } = await collect(provider, { connection: { baseUrl: standIn.url } })
    expect(error).toBeUndefined()
    const textOf = (type: string): string =>
      events.map((each) => (each.type === type && 'text' in each ? each.text : '')).join('')
    expect(textOf('text-delta')).toBe(script.text)
    expect(textOf('reasoning-delta')).toBe(kind === 'openai' ? '' : script.reasoning)
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
    expect(standIn.requests).toMatchObject([{ answered: true, aborted: false }])
  })

  test('reasoning in tags is split off just so', async () => {
    const standIn = await start({ kind, reply: () => script, reasoningInTags: true })
    const { events } = await collect(provider, { connection: { baseUrl: standIn.url } })
    expect(events.slice(0, 6)).toEqual([
      { type: 'reasoning-start' },
      { type: 'reasoning-delta', text: `\n${script.reasoning}\n` },
      { type: 'reasoning-end', durationMs: 0 },
      { type: 'text-start' },
      { type: 'text-delta', text: `\n\n${script.text}` },
      { type: 'text-end' },
    ])
  })

  const failures: [FailMode, object][] = [
    [401, { code: 'provider.unauthorized', retryable: false, status: 401 }],
    [403, { code: 'provider.forbidden', retryable: false }],
    [404, { code: 'provider.model-not-found', retryable: false, params: { model: 'stand-in' } }],
    [429, { code: 'provider.rate-limited', retryable: true, params: { retryAfterMs: 2000 } }],
    [500, { code: 'provider.failed', retryable: true }],
    [529, { code: 'provider.overloaded', retryable: true }],
    ['cut-off', { code: 'provider.cut-off', retryable: true }],
    ['garbage', { code: 'provider.garbage', retryable: false }],
    ['error-event', { code: kind === 'anthropic' ? 'provider.overloaded' : 'provider.stream-error' }],
  ]
  test.each(failures)('goes wrong by %s', async (fail, expected) => {
    const standIn = await start({ kind, fail, reply: () => script })
    const { events, error } = await collect(provider, { connection: { baseUrl: standIn.url } })
    expect(error).toMatchObject(expected)
    expect(events.some(({ type }) => type === 'finish' || type === 'error')).toBe(false)
    const opened = events.filter(({ type }) => type.endsWith('-start')).length
    expect(events.filter(({ type }) => type.endsWith('-end'))).toHaveLength(opened)
    const broken = fail === 'cut-off' || fail === 'error-event'
    expect(opened > 0).toBe(broken)
    expect(standIn.requests[0]?.aborted).toBe(false)
  })

  test('gives up when the first token does not come', async () => {
    const standIn = await start({ kind, fail: 'stall-before-first-token' })
    const { error } = await collect(
      provider,
      { connection: { baseUrl: standIn.url } },
      { firstTokenTimeoutMs: 60 },
    )
    expect(error).toMatchObject({
      code: 'provider.first-token-timeout',
      params: { afterMs: 60, seconds: 0.1 },
    })
    await vi.waitFor(() => expect(standIn.requests[0]?.aborted).toBe(true))
  })

  test('gives up when the next token does not come, and keeps what came', async () => {
    const standIn = await start({ kind, fail: 'stall-between-tokens', reply: () => script })
    const { events, error } = await collect(
      provider,
      { connection: { baseUrl: standIn.url } },
      { idleTimeoutMs: 60 },
    )
    expect(error).toMatchObject({ code: 'provider.stalled' })
    expect(events.length).toBeGreaterThan(2)
    await vi.waitFor(() => expect(standIn.requests[0]?.aborted).toBe(true))
  })

  test.each<FailMode>(['stall-before-first-token', 'stall-between-tokens'])(
    'stop during %s',
    async (fail) => {
      const standIn = await start({ kind, fail, reply: () => script })
      const stop = new AbortController()
      const running = collect(provider, { connection: { baseUrl: standIn.url } }, { signal: stop.signal })
      await vi.waitFor(() => expect(standIn.requests).toHaveLength(1))
      const stoppedAt = performance.now()
      stop.abort()
      const { events, error } = await running
      expect(error).toBeUndefined()
      expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stopped' })
      await vi.waitFor(() => expect(standIn.requests[0]?.aborted).toBe(true), { interval: 2 })
      expect((standIn.requests[0]?.abortedAt ?? Infinity) - stoppedAt).toBeLessThan(100)
    },
  )

  test('lists models', async () => {
    const standIn = await start({ kind, models: ['a', 'b'] })
    const context = { transport: nodeTransport, signal: new AbortController().signal }
    const models = await providers[provider].listModels({ baseUrl: `${standIn.url}/v1/` }, context)
    expect(models).toEqual([{ id: 'a' }, { id: 'b' }])
  })

  test('sends its key, and only where it belongs', async () => {
    const standIn = await start({ kind, apiKey: 'secret-key' })
    const good = await collect(provider, { connection: { baseUrl: standIn.url, apiKey: 'secret-key' } })
    expect(good.error).toBeUndefined()
    const bad = await collect(provider, { connection: { baseUrl: standIn.url, apiKey: 'other' } })
    expect(bad.error).toMatchObject({ code: 'provider.unauthorized' })
    expect(JSON.stringify(standIn.requests.map(({ body, path }) => [body, path]))).not.toContain('secret-key')
  })
})

test('a stop before the call makes no call', async () => {
  const standIn = await start({})
  const { events } = await collect(
    'openai-compatible',
    { connection: { baseUrl: standIn.url } },
    { signal: AbortSignal.abort() },
  )
  expect(events).toEqual([{ type: 'finish', reason: 'stopped' }])
  expect(standIn.requests).toHaveLength(0)
})

test('a stop while a transport that heeds no signal still waits', async () => {
  const stop = new AbortController()
  const deaf = { request: () => new Promise<never>(() => undefined) }
  const running = collect(
    'ollama',
    { connection: { baseUrl: 'http://x' } },
    { transport: deaf, signal: stop.signal },
  )
  stop.abort()
  expect((await running).events).toEqual([{ type: 'finish', reason: 'stopped' }])
})

test('limits of any size can be set', async () => {
  const standIn = await start({ tokenDelayMs: 1 })
  const limits = { firstTokenTimeoutMs: Infinity, idleTimeoutMs: Infinity }
  const { error } = await collect('openai-compatible', { connection: { baseUrl: standIn.url } }, limits)
  expect(error).toBeUndefined()
})

test('an end that was told is an end, whatever follows it', async () => {
  const told = 'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n'
  const standIn = await start({ reply: () => ({ raw: `${told}data: {broken\n\n` }) })
  const { events, error } = await collect('openai-compatible', { connection: { baseUrl: standIn.url } })
  expect(error).toBeUndefined()
  expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
})

test('a last event without its blank line counts', async () => {
  const raw = 'data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}'
  const standIn = await start({ reply: () => ({ raw }) })
  const { events } = await collect('openai-compatible', { connection: { baseUrl: standIn.url } })
  expect(events).toContainEqual({ type: 'text-delta', text: 'a' })
  expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
})

test('the error object of an older vLLM is an error', async () => {
  const raw = 'data: {"object":"error","message":"out of memory","code":500}\n\ndata: [DONE]\n\n'
  const standIn = await start({ reply: () => ({ raw }) })
  const { error } = await collect('openai-compatible', { connection: { baseUrl: standIn.url } })
  expect(error).toMatchObject({ code: 'provider.stream-error', params: { message: 'out of memory' } })
})

test.each(['error', 'insufficient_system_resource'])('an end by %s is a failure', async (finishReason) => {
  const standIn = await start({ reply: () => ({ text: 'Half an ans', finishReason }) })
  const { events, error } = await collect('openai-compatible', { connection: { baseUrl: standIn.url } })
  expect(error).toMatchObject({ code: 'provider.gave-up', retryable: true })
  expect(events.map(({ type }) => type)).toContain('text-end')
  expect(events.some(({ type }) => type === 'finish')).toBe(false)
})

test('tool calls that end with stop end with tool-calls', async () => {
  const toolCalls = [{ id: 'a', name: 'look', arguments: '{}' }]
  const standIn = await start({ reply: () => ({ toolCalls, finishReason: 'stop' }) })
  const { events } = await collect('openai-compatible', { connection: { baseUrl: standIn.url } })
  expect(events.at(-1)).toEqual({ type: 'finish', reason: 'tool-calls' })
})

test('a consumer that throws is not mistaken for the provider', async () => {
  const standIn = await start({})
  const emit = (): never => {
    throw new RangeError('full')
  }
  const { error } = await collect('openai-compatible', { connection: { baseUrl: standIn.url } }, { emit })
  expect(error).toBeInstanceOf(RangeError)
})

describe('unreachable', () => {
  const reasonFor = async (baseUrl: string): Promise<unknown> =>
    (await collect('ollama', { connection: { baseUrl } })).error

  test('a name that is not known', async () => {
    expect(await reasonFor('http://nowhere.invalid')).toMatchObject({
      code: 'provider.unreachable',
      retryable: true,
      params: { reason: 'dns' },
    })
  })

  test('a port where nobody listens', async () => {
    const standIn = await startProviderStandIn()
    await standIn.close()
    expect(await reasonFor(standIn.url)).toMatchObject({
      code: 'provider.unreachable',
      params: { reason: 'refused', detail: 'ECONNREFUSED' },
    })
  })

  test('TLS towards a server that speaks none', async () => {
    const standIn = await start({})
    expect(await reasonFor(standIn.url.replace('http:', 'https:'))).toMatchObject({
      code: 'provider.unreachable',
      retryable: false,
      params: { reason: 'tls' },
    })
  })

  test('a server that hangs up', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await vi.waitFor(() => expect(server.listening).toBe(true))
    const { port } = server.address() as AddressInfo
    expect(await reasonFor(`http://127.0.0.1:${port}`)).toMatchObject({ params: { reason: 'reset' } })
    server.close()
  })

  test('an address that is none', async () => {
    expect(await reasonFor('not an address')).toMatchObject({ params: { reason: 'bad-address' } })
  })

  test('an address that the way out refuses', async () => {
    const refusal = Object.assign(new Error('no'), { code: 'platform.address-refused' })
    const transport = { request: () => Promise.reject(refusal) }
    const { error } = await collect('ollama', { connection: { baseUrl: 'http://x' } }, { transport })
    expect(error).toMatchObject({
      params: { reason: 'blocked', detail: 'platform.address-refused' },
      retryable: false,
    })
  })
})
