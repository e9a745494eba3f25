import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { type ProviderStandIn, startProviderStandIn } from '@anneal/providers/testing'
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError, PermissionDeniedError } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { type TestServer, startServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { addModel, makeUser, refusal, unique } from './support/world.ts'

let server: TestServer
let client: Client
let standIn: ProviderStandIn
let model: Awaited<ReturnType<typeof addModel>>
let openai: OpenAI

const question = [{ role: 'user' as const, content: 'Hello there' }]
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

async function keyOf(owner: Client, scopes: ('gateway' | 'tracking')[] = ['gateway']) {
  return owner.call('auth.createKey', { body: { name: unique('key'), scopes } })
}

function clientWith(apiKey: string): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${server.baseUrl}/v1`, maxRetries: 0 })
}

const lastCall = async (name: string) =>
  (await client.call('gateway.calls', { query: { limit: 50 } })).items.find((one) => one.modelName === name)

const ledgerOf = (name: string) => until(() => lastCall(name), { what: 'the row of the ledger' })

beforeAll(async () => {
  standIn = await startProviderStandIn()
  server = await startServer()
  client = await server.adminClient()
  model = await addModel(client, standIn)
  openai = clientWith((await keyOf(client)).key)
})
afterAll(async () => {
  await server?.close()
  await standIn?.close()
})

describe('the official client', () => {
  test('gets a whole answer with its reasoning apart, and its usage', async () => {
    const completion = await openai.chat.completions.create({ model: model.name, messages: question })
    const { message, finish_reason: reason } = completion.choices[0]!
    expect(completion.object).toBe('chat.completion')
    expect(completion.model).toBe(model.name)
    expect(message.content).toContain('You asked: Hello there')
    expect((message as { reasoning_content?: string }).reasoning_content).toContain('The question is short')
    expect(reason).toBe('stop')
    expect(completion.usage).toMatchObject({ prompt_tokens: 12 })
    expect(completion.usage!.total_tokens).toBe(12 + completion.usage!.completion_tokens)
    expect(completion._request_id).toBeTruthy()
  })

  test('is counted once, with its key', async () => {
    const own = await addModel(client, standIn)
    const key = await keyOf(client)
    await clientWith(key.key).chat.completions.create({ model: own.name, messages: question })
    const call = await ledgerOf(own.name)
    expect(call).toMatchObject({
      state: 'finished',
      keyId: key.id,
      keyName: key.name,
      keyEnding: key.ending,
      inputTokens: 12,
      errorCode: null,
    })
    expect(call.firstTokenMs).not.toBeNull()
    const { items } = await client.call('gateway.calls', { query: { key: key.id } })
    expect(items).toHaveLength(1)
  })

  test('streams reasoning, then the answer, then usage, the same as the whole', async () => {
    const stream = await openai.chat.completions.create({
      model: model.name,
      messages: question,
      stream: true,
      stream_options: { include_usage: true },
    })
    let text = ''
    let reasoning = ''
    let last: OpenAI.Chat.ChatCompletionChunk | undefined
    const reasons: (string | null)[] = []
    for await (const chunk of stream) {
      last = chunk
      const [choice] = chunk.choices
      text += choice?.delta.content ?? ''
      reasoning += (choice?.delta as { reasoning_content?: string })?.reasoning_content ?? ''
      if (choice?.finish_reason) reasons.push(choice.finish_reason)
    }
    const whole = await openai.chat.completions.create({ model: model.name, messages: question })
    expect(text).toBe(whole.choices[0]!.message.content)
    expect(reasoning).toContain('The question is short')
    expect(reasons).toEqual(['stop'])
    expect(last!.choices).toEqual([])
    expect(last!.usage).toEqual(whole.usage)
  })

  test('calls tools, whole and streamed, and sends their results back', async () => {
    const calling = await startProviderStandIn({
      reply: ({ prompt }) =>
        prompt.includes('weather')
          ? { toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Berlin","unit":"C"}' }] }
          : { text: 'It is warm.' },
    })
    const caller = await addModel(client, calling)
    const tools: OpenAI.Chat.ChatCompletionTool[] = [
      {
        type: 'function',
        function: {
          name: 'weather',
          parameters: { type: 'object', properties: { city: { type: 'string' } } },
        },
      },
    ]
    const messages = [{ role: 'user' as const, content: 'the weather?' }]
    const whole = await openai.chat.completions.create({
      model: caller.name,
      messages,
      tools,
      tool_choice: 'auto',
    })
    expect(whole.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [
          {
            id: 'call_1',
            type: 'function',
            function: { name: 'weather', arguments: '{"city":"Berlin","unit":"C"}' },
          },
        ],
      },
    })
    const streamed = await openai.chat.completions
      .stream({ model: caller.name, messages, tools })
      .finalChatCompletion()
    expect(streamed.choices[0]!.message.tool_calls![0]).toMatchObject({
      id: 'call_1',
      function: { name: 'weather', arguments: '{"city":"Berlin","unit":"C"}' },
    })
    calling.set({ reply: () => ({ text: 'It is warm.' }) })
    const after = await openai.chat.completions.create({
      model: caller.name,
      messages: [
        ...messages,
        whole.choices[0]!.message,
        { role: 'tool', tool_call_id: 'call_1', content: '21' },
      ],
      tools,
    })
    expect(after.choices[0]!.message.content).toBe('It is warm.')
    const sent = calling.requests.at(-1)!.body!
    expect(sent.tools).toMatchObject([{ function: { name: 'weather' } }])
    expect((sent.messages as object[]).slice(1)).toMatchObject([
      { role: 'assistant', tool_calls: [{ id: 'call_1' }] },
      { role: 'tool', tool_call_id: 'call_1', content: '21' },
    ])
    await calling.close()
  })

  test('passes parameters, JSON, images and what the product has no name for', async () => {
    await openai.chat.completions.create({
      model: model.name,
      messages: [
        { role: 'developer', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } },
            { type: 'image_url', image_url: { url: 'https://example.com/cat.png' } },
          ],
        },
      ],
      temperature: 0.2,
      top_p: 0.9,
      max_completion_tokens: 77,
      stop: 'END',
      seed: 7,
      presence_penalty: 0.5,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'thing', schema: { type: 'object' }, strict: true },
      },
    })
    const sent = standIn.requests.at(-1)!.body!
    expect(sent).toMatchObject({
      temperature: 0.2,
      top_p: 0.9,
      max_tokens: 77,
      stop: ['END'],
      seed: 7,
      presence_penalty: 0.5,
      response_format: { type: 'json_schema', json_schema: { name: 'thing', strict: true } },
    })
    expect(sent.messages).toMatchObject([
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } },
          { type: 'image_url', image_url: { url: 'https://example.com/cat.png' } },
        ],
      },
    ])
  })

  test('says by a header what could not be passed on', async () => {
    const { response } = await openai.chat.completions
      .create({ model: model.name, messages: question, logprobs: true, user: 'someone' })
      .withResponse()
    expect(response.headers.get('x-anneal-warnings')).toBe('ignored: logprobs')
  })

  test('lists the models of its user, and finds one by name and by id', async () => {
    const listed = await openai.models.list()
    expect(listed.data.map((one) => one.id)).toContain(model.name)
    expect(await openai.models.retrieve(model.name)).toMatchObject({ id: model.name, object: 'model' })
    const byId = await openai.chat.completions.create({ model: model.id, messages: question })
    expect(byId.model).toBe(model.name)
  })

  test('makes embeddings, as numbers and as base64', async () => {
    const { connectionId } = model
    const embedder = await client.call('models.create', {
      body: { name: unique('embedder'), connectionId, providerModel: 'stand-in', kind: 'embedding' },
    })
    const input = ['first text', 'second text']
    const numbers = await openai.embeddings.create({ model: embedder.name, input, encoding_format: 'float' })
    expect(numbers.data.map((one) => one.index)).toEqual([0, 1])
    expect(numbers.data[0]!.embedding.length).toBeGreaterThan(0)
    expect(numbers.data[0]!.embedding).not.toEqual(numbers.data[1]!.embedding)
    /* The client asks for base64 by itself and turns it back. */
    const packed = await openai.embeddings.create({ model: embedder.name, input })
    packed.data[1]!.embedding.forEach((value, at) =>
      expect(value).toBeCloseTo(numbers.data[1]!.embedding[at]!, 5),
    )
    expect(await ledgerOf(embedder.name)).toMatchObject({ state: 'finished', outputTokens: null })
    const tokens = await openai.embeddings.create({ model: embedder.name, input: [5, 6, 7] })
    expect(tokens.data).toHaveLength(1)
    const several = await openai.embeddings.create({ model: embedder.name, input: [[5, 6, 7], [8]] })
    expect(several.data.map((one) => one.index)).toEqual([0, 1])
    expect(several.data[0]!.embedding).toEqual(tokens.data[0]!.embedding)
    const wrong = openai.embeddings.create({ model: model.name, input })
    await expect(wrong).rejects.toThrow('makes no embeddings')
    await expect(
      openai.chat.completions.create({ model: embedder.name, messages: question }),
    ).rejects.toThrow(BadRequestError)
  })

  test('fills a prompt of this instance in', async () => {
    const prompt = await client.call('prompts.create', {
      body: {
        name: unique('prompt'),
        text: 'Answer in {{language}}.',
        variables: [{ name: 'language', default: null, description: '' }],
      },
    })
    await client.call('prompts.moveLabel', {
      params: { id: prompt.id, label: 'production' },
      body: { from: null, to: 1, reason: 'first' },
    })
    const ask = (variables: Record<string, string>) =>
      openai.chat.completions.create({
        model: model.name,
        messages: question,
        anneal_prompt: { name: prompt.name, variables },
      } as never)
    await ask({ language: 'French' })
    expect((standIn.requests.at(-1)!.body!.messages as object[])[0]).toEqual({
      role: 'system',
      content: 'Answer in French.',
    })
    await expect(ask({})).rejects.toThrow('language')
  })
})

describe('refusals, in the shape that the official client reads', () => {
  test('an unknown and a revoked key, at once', async () => {
    await expect(clientWith('0'.repeat(21)).models.list()).rejects.toThrow(AuthenticationError)
    const key = await keyOf(client)
    const own = clientWith(key.key)
    await own.models.list()
    await client.call('auth.revokeKey', { params: { id: key.id } })
    const refused = await own.chat.completions
      .create({ model: model.name, messages: question })
      .catch((error) => error)
    expect(refused).toBeInstanceOf(AuthenticationError)
    expect(refused).toMatchObject({ status: 401, code: 'invalid_api_key', type: 'invalid_request_error' })
    expect(refused.message).toContain('revoked')
  })

  test('a key without the scope, and a role without the permission', async () => {
    const { key } = await keyOf(client, ['tracking'])
    await expect(clientWith(key).models.list()).rejects.toThrow(PermissionDeniedError)
    const viewer = await makeUser(server, client, 'viewer')
    const response = await fetch(`${server.baseUrl}/v1/models`, {
      headers: { authorization: `Bearer ${viewer.client.token}` },
    })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error: { type: 'permission_error' } })
  })

  test('a model that is unknown, or private to someone else', async () => {
    const failed = await openai.chat.completions
      .create({ model: 'none', messages: question })
      .catch((error) => error)
    expect(failed).toBeInstanceOf(NotFoundError)
    expect(failed).toMatchObject({ code: 'model_not_found', param: 'model' })
    expect(failed.message).toContain('“none”')
    const member = await makeUser(server, client, 'member')
    const theirs = clientWith((await keyOf(member.client)).key)
    await theirs.chat.completions.create({ model: model.name, messages: question })
    const hidden = await addModel(client, standIn)
    await client.call('models.update', {
      params: { id: hidden.id },
      body: { version: 1, visibility: 'private' },
    })
    await expect(theirs.chat.completions.create({ model: hidden.name, messages: question })).rejects.toThrow(
      NotFoundError,
    )
    expect((await theirs.models.list()).data.map((one) => one.id)).not.toContain(hidden.name)
  })

  test('what is remembered of a model is forgotten with its change', async () => {
    const changing = await addModel(client, standIn)
    const member = await makeUser(server, client, 'member')
    const theirs = clientWith((await keyOf(member.client)).key)
    await theirs.chat.completions.create({ model: changing.name, messages: question })
    await client.call('models.update', {
      params: { id: changing.id },
      body: { version: 1, visibility: 'private' },
    })
    await expect(
      theirs.chat.completions.create({ model: changing.name, messages: question }),
    ).rejects.toThrow(NotFoundError)
    await client.call('models.delete', { params: { id: changing.id } })
    await expect(
      openai.chat.completions.create({ model: changing.name, messages: question }),
    ).rejects.toThrow(NotFoundError)
  })

  const send = async (body: string, type = 'application/json') => {
    const { key } = await keyOf(client)
    const response = await fetch(`${server.baseUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': type },
      body,
    })
    const { error } = (await response.json()) as { error: Record<string, string> }
    return { status: response.status, ...error }
  }

  /** The status of a request that says how large it will be, and is refused before it is sent. */
  const announce = async (bytes: number) => {
    const { key } = await keyOf(client)
    const sent = request(`${server.baseUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'content-length': bytes,
      },
    })
    sent.on('error', () => undefined)
    sent.flushHeaders()
    const [reply] = (await once(sent, 'response')) as [IncomingMessage]
    sent.destroy()
    return reply.statusCode
  }

  test('a body that is no JSON, no object, or too large', async () => {
    expect(await send('{"model": "x", ')).toMatchObject({
      status: 400,
      code: 'invalid_json',
      type: 'invalid_request_error',
    })
    expect(await send('[]')).toMatchObject({ status: 400 })
    expect(await send('model=x', 'text/plain')).toMatchObject({ status: 415 })
    expect(await announce(41 * 2 ** 20)).toBe(413)
  })

  test('fields that are wrong are named', async () => {
    const to = (changed: object) =>
      send(JSON.stringify({ model: model.name, messages: question, ...changed }))
    expect(await to({ messages: [] })).toMatchObject({ status: 400, param: 'messages' })
    expect(await to({ messages: [{ role: 'user' }] })).toMatchObject({
      status: 400,
      param: 'messages[0].content',
    })
    expect(await to({ messages: [{ role: 'wizard', content: 'x' }] })).toMatchObject({
      status: 400,
      param: 'messages[0].role',
    })
    expect(await to({ temperature: 'warm' })).toMatchObject({ status: 400, param: 'temperature' })
    expect(await to({ n: 3 })).toMatchObject({ status: 400, param: 'n' })
    const image = { type: 'image_url', image_url: { url: 'file:///etc/passwd' } }
    expect(await to({ messages: [{ role: 'user', content: [image] }] })).toMatchObject({
      status: 400,
      code: 'invalid_image_url',
    })
    const sound = { type: 'input_audio', input_audio: { data: '' } }
    expect(await to({ messages: [{ role: 'user', content: [sound] }] })).toMatchObject({ status: 400 })
  })

  test('a provider that refuses, is overrun, or fails', async () => {
    const failing = await startProviderStandIn({ fail: 401 })
    const broken = await addModel(client, failing)
    const ask = (stream: boolean) =>
      openai.chat.completions
        .create({ model: broken.name, messages: question, stream })
        .catch((error) => error)
    /* The caller's own key is good: 401 would send them looking at the wrong one. */
    expect(await ask(false)).toMatchObject({ status: 502, code: 'provider.unauthorized' })
    expect(await ask(true)).toMatchObject({ status: 502 })
    failing.set({ fail: 429 })
    expect(await ask(true)).toMatchObject({ status: 429, code: 'rate_limit_exceeded' })
    failing.set({ fail: 500 })
    expect(await ask(false)).toMatchObject({ status: 502, type: 'server_error' })
    failing.set({ fail: 'cut-off' })
    expect(await ask(false)).toMatchObject({ status: 502, code: 'provider.cut-off' })
    expect(await ledgerOf(broken.name)).toMatchObject({ state: 'failed' })
    await failing.close()
  })

  test('a stream that breaks in its midst ends with an error, after what had come', async () => {
    const breaking = await startProviderStandIn({ fail: 'cut-off' })
    const broken = await addModel(client, breaking)
    const stream = await openai.chat.completions.create({
      model: broken.name,
      messages: question,
      stream: true,
    })
    let heard = 0
    const read = async () => {
      for await (const chunk of stream) if (chunk.choices[0]?.delta) heard += 1
    }
    await expect(read()).rejects.toThrow(OpenAI.APIError)
    expect(heard).toBeGreaterThan(1)
    await breaking.close()
  })
})

describe('a caller who hangs up', () => {
  test.each([
    ['before the first token, streamed', true, 'stall-before-first-token'],
    ['before the first token, whole', false, 'stall-before-first-token'],
    ['in mid-stream', true, 'stall-between-tokens'],
  ] as const)('%s, ends the call of the provider', async (_, stream, fail) => {
    const stalling = await startProviderStandIn({ fail })
    const silent = await addModel(client, stalling)
    const abort = new AbortController()
    const asked = openai.chat.completions
      .create({ model: silent.name, messages: question, stream }, { signal: abort.signal })
      .then(async (reply) => {
        if (stream) for await (const _chunk of reply as AsyncIterable<unknown>);
      })
      .catch((error: unknown) => error)
    const call = await until(() => stalling.requests.find((one) => one.path.endsWith('/chat/completions')))
    if (fail === 'stall-between-tokens') await until(() => call.receivedAt + 100 < performance.now())
    const hungUpAt = performance.now()
    abort.abort()
    await asked
    await until(() => call.aborted, { everyMs: 5 })
    expect(call.abortedAt! - hungUpAt).toBeLessThan(100)
    expect(await ledgerOf(silent.name)).toMatchObject({ state: 'stopped' })
    await stalling.close()
  })
})

describe('the last calls', () => {
  test("are one's own, and everyone's for those who may read usage", async () => {
    const member = await makeUser(server, client, 'member')
    const other = await makeUser(server, client, 'member')
    const { key } = await keyOf(member.client)
    const own = await addModel(client, standIn)
    await clientWith(key).chat.completions.create({ model: own.name, messages: question })
    const seen = await ledgerOf(own.name)
    expect(seen.userId).toBe(member.id)
    const mine = await member.client.call('gateway.calls', { query: {} })
    expect(mine.items.map((call) => call.id)).toEqual([seen.id])
    expect((await other.client.call('gateway.calls', { query: { model: own.id } })).items).toEqual([])
    expect((await client.call('gateway.calls', { query: { model: own.id, whose: 'own' } })).items).toEqual([])
    const viewer = await makeUser(server, client, 'viewer')
    expect((await refusal(viewer.client.call('gateway.calls', { query: {} }))).status).toBe(403)
  })

  test('are paged and filtered', async () => {
    const own = await addModel(client, standIn)
    for (let at = 0; at < 3; at++)
      await openai.chat.completions.create({ model: own.name, messages: question })
    await until(
      async () => (await client.call('gateway.calls', { query: { model: own.id } })).items.length === 3,
    )
    const first = await client.call('gateway.calls', { query: { model: own.id, limit: 2 } })
    const rest = await client.call('gateway.calls', {
      query: { model: own.id, limit: 2, cursor: first.nextCursor ?? '' },
    })
    const ids = [...first.items, ...rest.items].map((call) => call.id)
    expect(new Set(ids).size).toBe(3)
    expect(rest.nextCursor).toBeNull()
    expect((await client.call('gateway.calls', { query: { model: own.id, state: 'failed' } })).items).toEqual(
      [],
    )
  })

  test('are in the ledger when the server goes down cleanly right after', async () => {
    const own = await addModel(client, standIn)
    await openai.chat.completions.create({ model: own.name, messages: question })
    await server.restart()
    client = await server.adminClient()
    expect(await lastCall(own.name)).toMatchObject({ state: 'finished' })
  })
})
