import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requestBody as anthropicBody } from './anthropic/request-body.ts'
import { openAiBaseUrl, rootBaseUrl } from './http/base-url.ts'
import { replyError } from './http/reply-error.ts'
import { requestBody as ollamaBody } from './ollama/request-body.ts'
import { dialectOf, dialects } from './openai/dialects.ts'
import { requestBody as openAiBody } from './openai/request-body.ts'
import type { ChatMessage, ChatRequest, DialectName } from './provider.ts'
import { collect } from './testing/collect.ts'
import { startProviderStandIn } from './testing/provider-stand-in.ts'
import type { ProviderStandIn } from './testing/stand-in-options.ts'

let warnings: string[] = []
beforeEach(() => {
  warnings = []
})
const warn = (code: string, params: Record<string, unknown>): void => {
  warnings.push(`${code} ${String(params.option)}`)
}

const conversation: ChatMessage[] = [
  { role: 'system', content: 'Be brief.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is this?' },
      { type: 'image', mediaType: 'image/png', data: 'iVBO' },
    ],
  },
  {
    role: 'assistant',
    content: 'I look.',
    reasoning: [{ text: 'Hm.', signature: 'sig' }, { text: '', redacted: 'AAEC' }, { text: 'no proof' }],
    toolCalls: [{ id: 't1', name: 'look', arguments: '{"at":1}' }],
  },
  { role: 'tool', toolCallId: 't1', toolName: 'look', content: 'A cat.' },
  { role: 'assistant', content: 'A cat.', reasoning: [{ text: 'Clear.' }] },
  { role: 'user', content: 'Sure?' },
]

const all: ChatRequest = {
  connection: { baseUrl: 'http://x' },
  model: 'm',
  messages: conversation,
  parameters: { temperature: 0.5, topP: 0.9, maxTokens: 100, stop: ['END'], seed: 7, reasoningEffort: 'low' },
  tools: [{ name: 'look', description: 'Looks', parameters: { type: 'object' } }],
  reasoningProfile: 'at-start',
}

describe('OpenAI-compatible', () => {
  const bodyFor = (name: DialectName) => openAiBody(all, dialects[name], warn)

  test('openai gets its own names', () => {
    expect(bodyFor('openai')).toMatchObject({
      model: 'm',
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.5,
      top_p: 0.9,
      max_completion_tokens: 100,
      stop: ['END'],
      seed: 7,
      reasoning_effort: 'low',
      tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }],
    })
    expect(warnings).toEqual([])
  })

  test('transformers serve gets only what it knows, and each omission is said', () => {
    const body = bodyFor('transformers-serve')
    expect(body).toMatchObject({ max_tokens: 100, seed: 7 })
    for (const name of ['max_completion_tokens', 'stream_options', 'tools', 'reasoning_effort']) {
      expect(body).not.toHaveProperty(name)
    }
    expect(warnings).toEqual(['provider.option-ignored reasoningEffort', 'provider.option-ignored tools'])
  })

  test('dashscope can only switch thinking', () => {
    expect(bodyFor('dashscope')).toMatchObject({ enable_thinking: true })
    expect(warnings).toEqual(['provider.option-changed reasoningEffort'])
  })

  test('an unknown server is asked for counts', () => {
    expect(bodyFor('generic')).toMatchObject({ stream_options: { include_usage: true } })
  })

  test('reasoning goes back to DeepSeek on tool turns alone, and to nobody else', () => {
    const withReasoning = (name: DialectName) =>
      (bodyFor(name).messages as object[]).map((message) => 'reasoning_content' in message)
    expect(withReasoning('deepseek')).toEqual([false, false, true, false, false, false])
    expect(withReasoning('openai')).not.toContain(true)
  })

  test('images and tool results', () => {
    const { messages } = bodyFor('openai') as { messages: unknown[] }
    expect(messages[1]).toMatchObject({ content: [{}, { image_url: { url: 'data:image/png;base64,iVBO' } }] })
    expect(messages[3]).toEqual({ role: 'tool', tool_call_id: 't1', content: 'A cat.' })
  })

  test.each([
    ['https://api.openai.com/v1', 'openai'],
    ['https://api.deepseek.com', 'deepseek'],
    ['https://dashscope-intl.aliyuncs.com/compatible-mode/v1', 'dashscope'],
    ['http://notopenai.com', 'generic'],
    ['http://localhost:8000', 'generic'],
    ['nonsense', 'generic'],
  ])('%s speaks %s', (baseUrl, name) => expect(dialectOf({ baseUrl })).toBe(name))
})

test('Anthropic: thinking, its proofs, and what it does not know', () => {
  const body = anthropicBody(all, warn)
  expect(body).toMatchObject({
    system: 'Be brief.',
    thinking: { type: 'enabled', budget_tokens: 1024 },
    max_tokens: 1124,
    stop_sequences: ['END'],
    tools: [{ name: 'look', description: 'Looks', input_schema: { type: 'object' } }],
  })
  expect(body.messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
        { type: 'redacted_thinking', data: 'AAEC' },
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', id: 't1', name: 'look', input: { at: 1 } },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'A cat.' }] },
    { role: 'assistant', content: [{ type: 'text', text: 'A cat.' }] },
    { role: 'user', content: [{ type: 'text', text: 'Sure?' }] },
  ])
  expect(warnings).toEqual(['temperature', 'topP', 'seed'].map((name) => `provider.option-ignored ${name}`))
})

test('Ollama: options of its own, thinking on or off', () => {
  const body = ollamaBody(all, warn)
  expect(body).toMatchObject({
    think: true,
    options: { temperature: 0.5, top_p: 0.9, num_predict: 100, stop: ['END'], seed: 7 },
  })
  expect((body.messages as unknown[])[1]).toEqual({
    role: 'user',
    content: 'What is this?',
    images: ['iVBO'],
  })
  expect((body.messages as unknown[])[3]).toEqual({ role: 'tool', content: 'A cat.', tool_name: 'look' })
  expect(warnings).toEqual(['provider.option-changed reasoningEffort'])
  expect(ollamaBody({ ...all, model: 'gpt-oss:20b' }, warn).think).toBe('low')
  expect(ollamaBody({ ...all, parameters: { reasoningEffort: 'none' } }, warn).think).toBe(false)
  expect(ollamaBody({ ...all, parameters: {} }, warn)).not.toHaveProperty('think')
})

describe('base addresses', () => {
  test.each([
    ['http://h:1', 'http://h:1/v1'],
    ['http://h:1/', 'http://h:1/v1'],
    ['http://h:1/v1', 'http://h:1/v1'],
    [' http://h:1/v1// ', 'http://h:1/v1'],
    ['http://h/compatible-mode/v1', 'http://h/compatible-mode/v1'],
    ['http://h/api/v3', 'http://h/api/v3'],
  ])('OpenAI %s', (given, expected) => expect(openAiBaseUrl(given)).toBe(expected))
  test.each([
    ['http://h:1', 'http://h:1'],
    ['http://h:1/v1/', 'http://h:1'],
    ['http://h/proxy/v1', 'http://h/proxy'],
    ['http://h/v10', 'http://h/v10'],
  ])('root %s', (given, expected) => expect(rootBaseUrl(given)).toBe(expected))
})

describe('replies that are no answer', () => {
  const errorFor = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    replyError(
      { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) },
      { apiKey: 'sk-secret', model: 'm' },
    )

  test.each([
    ['OpenAI', { error: { message: 'too many', code: 'context_length_exceeded' } }],
    ['vLLM', { message: "This model's maximum context length is 4096 tokens.", code: 400 }],
    [
      'Anthropic',
      {
        type: 'error',
        error: {
          type: 'invalid_request_error',
          message: 'prompt is too long: 210000 tokens > 200000 maximum',
        },
      },
    ],
  ])('%s: context too long', (_, body) =>
    expect(errorFor(400, body)).toMatchObject({ code: 'provider.context-too-long', retryable: false }),
  )

  test('words of the provider are cut, and never hold the key', () => {
    const error = errorFor(422, { error: { message: `Key sk-secret and Bearer abc: ${'x'.repeat(900)}` } })
    expect(error.code).toBe('provider.refused')
    expect(error.params.message).toHaveLength(500)
    expect(JSON.stringify(error.params)).not.toMatch(/sk-secret|Bearer abc/)
  })

  test('an address that is wrong is not a model that is missing', () => {
    expect(errorFor(404, '<html>nginx</html>').code).toBe('provider.refused')
    expect(errorFor(404, { error: "model 'm' not found" }).code).toBe('provider.model-not-found')
  })

  test('a spent quota is not tried again; a limit is, after the time asked for', () => {
    expect(errorFor(429, { error: { code: 'insufficient_quota', message: 'quota' } }).retryable).toBe(false)
    expect(errorFor(429, {}, { 'retry-after': '3' })).toMatchObject({
      retryable: true,
      params: { retryAfterMs: 3000 },
    })
    expect(errorFor(429, {}, { 'retry-after-ms': '250' }).params.retryAfterMs).toBe(250)
  })
})

describe('over the wire', () => {
  let standIn: ProviderStandIn | undefined
  afterEach(() => standIn?.close())

  test('warnings come first, and the dialect reaches the body', async () => {
    standIn = await startProviderStandIn({ kind: 'transformers-serve' })
    const connection = { baseUrl: standIn.url, dialect: 'transformers-serve' as const }
    const { events, error } = await collect('openai-compatible', {
      connection,
      parameters: { maxTokens: 5, reasoningEffort: 'high' },
    })
    expect(error).toBeUndefined()
    expect(events[0]).toEqual({
      type: 'warning',
      code: 'provider.option-ignored',
      params: { option: 'reasoningEffort' },
    })
    expect(standIn.requests[0]).toMatchObject({
      path: '/v1/chat/completions',
      body: { max_tokens: 5, stream: true },
    })
  })

  test('counts come where the dialect asks for them', async () => {
    standIn = await startProviderStandIn({
      kind: 'openai',
      reply: () => ({ text: 'a b c', usage: { inputTokens: 5, outputTokens: 3 } }),
    })
    const ask = (dialect: DialectName) =>
      collect('openai-compatible', { connection: { baseUrl: standIn?.url ?? '', dialect } })
    const usage = { type: 'usage', inputTokens: 5, outputTokens: 3, cachedInputTokens: 0, reasoningTokens: 0 }
    expect((await ask('openai')).events).toContainEqual(usage)
    expect((await ask('transformers-serve')).events.some(({ type }) => type === 'usage')).toBe(false)
  })

  test('an unknown server that refuses to count is asked once more without', async () => {
    const bodies: Record<string, unknown>[] = []
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>
        bodies.push(body)
        if ('stream_options' in body) {
          response.writeHead(422, { 'content-type': 'application/json' })
          return response.end('{"error":{"message":"extra fields not permitted: stream_options"}}')
        }
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(
          'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
        )
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { events, error } = await collect('openai-compatible', {
      connection: { baseUrl: `http://127.0.0.1:${port}/v1` },
    })
    server.close()
    expect(error).toBeUndefined()
    expect(bodies.map((body) => 'stream_options' in body)).toEqual([true, false])
    expect(events).toContainEqual({ type: 'text-delta', text: 'hi' })
  })

  test('native reasoning wins over tags', async () => {
    standIn = await startProviderStandIn({
      reply: () => ({ reasoning: 'r', text: '<think>is a tag</think>' }),
    })
    const { events } = await collect('openai-compatible', {
      connection: { baseUrl: standIn.url },
      reasoningProfile: 'anywhere',
    })
    expect(events).toContainEqual({ type: 'text-delta', text: '<think>is a tag</think>' })
  })

  test('an end inside native reasoning is unterminated', async () => {
    standIn = await startProviderStandIn({
      reply: () => ({ reasoning: 'on and on', finishReason: 'length' }),
    })
    const { events } = await collect('openai-compatible', { connection: { baseUrl: standIn.url } })
    expect(events).toContainEqual({ type: 'reasoning-end', durationMs: 0, unterminated: true })
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'length' })
  })
})

describe('tool choice, response format and images by address', () => {
  const messages: ChatMessage[] = [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image-url', url: 'https://there/cat.png', detail: 'low' },
      ],
    },
  ]
  const schema = { type: 'object', properties: { cat: { type: 'boolean' } } }
  const asked: ChatRequest = {
    ...all,
    parameters: {},
    messages,
    toolChoice: { name: 'look' },
    responseFormat: { type: 'json-schema', name: 'answer', schema, strict: true },
    extra: { logit_bias: { 5: 1 }, model: 'another' },
  }

  test('OpenAI gets all of it, and what is named cannot be overwritten', () => {
    expect(openAiBody(asked, dialects.openai, warn)).toMatchObject({
      model: 'm',
      logit_bias: { 5: 1 },
      tool_choice: { type: 'function', function: { name: 'look' } },
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } },
      messages: [
        {
          content: [
            { type: 'text' },
            { type: 'image_url', image_url: { url: 'https://there/cat.png', detail: 'low' } },
          ],
        },
      ],
    })
    expect(openAiBody({ ...asked, toolChoice: 'required' }, dialects.openai, warn)).toMatchObject({
      tool_choice: 'required',
    })
    expect(warnings).toEqual([])
  })

  test('Anthropic gets its own words, and says what it leaves out', () => {
    expect(anthropicBody(asked, warn)).toMatchObject({
      model: 'm',
      tool_choice: { type: 'tool', name: 'look' },
      messages: [
        {
          content: [
            { type: 'text' },
            { type: 'image', source: { type: 'url', url: 'https://there/cat.png' } },
          ],
        },
      ],
    })
    expect(anthropicBody({ ...asked, toolChoice: 'required' }, () => undefined)).toMatchObject({
      tool_choice: { type: 'any' },
    })
    expect(warnings).toEqual([
      'provider.option-ignored responseFormat',
      'provider.option-ignored logit_bias',
      'provider.option-ignored model',
    ])
  })

  test('Anthropic cannot be made to call a tool while it thinks', () => {
    const thinking: ChatRequest = { ...asked, parameters: { reasoningEffort: 'low' }, extra: {} }
    expect(anthropicBody(thinking, warn)).not.toHaveProperty('tool_choice')
    expect(warnings).toContain('provider.option-changed toolChoice')
  })

  test('Ollama takes the schema as its format, and says what it leaves out', () => {
    expect(ollamaBody(asked, warn)).toMatchObject({
      format: schema,
      messages: [{ content: 'What is this?' }],
    })
    expect(warnings).toEqual([
      'provider.option-changed toolChoice',
      'provider.option-ignored image_url',
      'provider.option-ignored logit_bias',
      'provider.option-ignored model',
    ])
    const none: ChatRequest = { ...asked, toolChoice: 'none', responseFormat: { type: 'json-object' } }
    expect(ollamaBody(none, () => undefined)).toMatchObject({ format: 'json' })
    expect(ollamaBody(none, () => undefined)).not.toHaveProperty('tools')
  })
})
