import { spawn } from 'node:child_process'
import path from 'node:path'
import { type ProviderStandIn, startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { preparedOpenAi } from '../support/openai-python.ts'
import { type TestServer, startServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { addModel, unique } from './support/world.ts'

const environment = preparedOpenAi()
let server: TestServer
let client: Client
let standIn: ProviderStandIn
let key: string
let model: string

beforeAll(async () => {
  if (!environment) return
  standIn = await startProviderStandIn({
    reply: ({ prompt }) =>
      prompt.includes('weather')
        ? { toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Berlin"}' }] }
        : {
            reasoning: 'Let me think.',
            text: prompt.includes('JSON') ? '{"colour": "red"}' : `You asked: ${prompt}`,
          },
  })
  server = await startServer()
  client = await server.adminClient()
  model = (await addModel(client, standIn)).name
  key = (await client.call('auth.createKey', { body: { name: unique('key'), scopes: ['gateway'] } })).key
})
afterAll(async () => {
  await server?.close()
  await standIn?.close()
})

/** Runs a script with the client in the environment that people know; its last line is JSON. */
function start(source: string) {
  const begin = `import json, os, sys\nfrom openai import OpenAI\nclient = OpenAI(max_retries=0)\nmodel = ${JSON.stringify(model)}\n`
  const child = spawn(path.join(environment!, 'bin/python'), ['-c', begin + source], {
    env: { PATH: process.env.PATH, OPENAI_API_KEY: key, OPENAI_BASE_URL: `${server.baseUrl}/v1` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (piece: Buffer) => (output += piece))
  child.stderr.on('data', (piece: Buffer) => (errors += piece))
  const ended = new Promise<unknown>((resolve, reject) => {
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`the script ended with ${code}:\n${errors}`))
      else resolve(JSON.parse(output.trim().split('\n').at(-1) ?? ''))
    })
  })
  return { child, ended }
}

describe.skipIf(!environment)("OpenAI's Python client, unchanged", () => {
  test('whole and streamed answers, tools, JSON, an image, and the list of models', async () => {
    const script = `
messages = [{"role": "user", "content": "Hello"}]
whole = client.chat.completions.create(model=model, messages=messages)
text, reasoning, usage = "", "", None
for chunk in client.chat.completions.create(model=model, messages=messages, stream=True, stream_options={"include_usage": True}):
    usage = chunk.usage or usage
    if chunk.choices:
        text += chunk.choices[0].delta.content or ""
        reasoning += getattr(chunk.choices[0].delta, "reasoning_content", None) or ""
tool = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}
called = client.chat.completions.create(model=model, messages=[{"role": "user", "content": "the weather?"}], tools=[tool])
shaped = client.chat.completions.create(model=model, messages=[{"role": "user", "content": "as JSON"}], response_format={"type": "json_object"})
image = [{"type": "text", "text": "See"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]
seen = client.chat.completions.create(model=model, messages=[{"role": "user", "content": image}])
print(json.dumps({
    "whole": whole.choices[0].message.content, "same": text == whole.choices[0].message.content,
    "reasoning": reasoning, "tokens": usage.total_tokens == whole.usage.total_tokens,
    "tool": json.loads(called.choices[0].message.tool_calls[0].function.arguments),
    "reason": called.choices[0].finish_reason, "json": json.loads(shaped.choices[0].message.content),
    "seen": seen.choices[0].message.content.strip(), "listed": model in [one.id for one in client.models.list()],
}))`
    expect(await start(script).ended).toEqual({
      whole: 'You asked: Hello',
      same: true,
      reasoning: 'Let me think.',
      tokens: true,
      tool: { city: 'Berlin' },
      reason: 'tool_calls',
      json: { colour: 'red' },
      seen: 'You asked: See',
      listed: true,
    })
    expect(
      standIn.requests.some(({ body }) => JSON.stringify(body).includes('data:image/png;base64,AAAA')),
    ).toBe(true)
  })

  test('embeddings', async () => {
    const connectionId = (await client.call('models.list', { query: {} })).items[0]!.connectionId
    const embedder = await client.call('models.create', {
      body: { name: unique('embedder'), connectionId, providerModel: 'stand-in', kind: 'embedding' },
    })
    const script = `
reply = client.embeddings.create(model=${JSON.stringify(embedder.name)}, input=["a", "b"])
print(json.dumps([len(reply.data), len(reply.data[0].embedding) > 0, isinstance(reply.data[0].embedding[0], float)]))`
    expect(await start(script).ended).toEqual([2, true, true])
  })

  test('refusals as its own errors', async () => {
    const script = `
import openai
def refused(make):
    try:
        make()
    except openai.APIStatusError as error:
        return [type(error).__name__, error.status_code, error.code]
hello = [{"role": "user", "content": "x"}]
other = OpenAI(api_key="0" * 21, max_retries=0)
print(json.dumps([
    refused(lambda: other.models.list()),
    refused(lambda: client.chat.completions.create(model="none", messages=hello)),
    refused(lambda: client.chat.completions.create(model=model, messages=[])),
]))`
    expect(await start(script).ended).toEqual([
      ['AuthenticationError', 401, 'invalid_api_key'],
      ['NotFoundError', 404, 'model_not_found'],
      ['BadRequestError', 400, 'invalid_value'],
    ])
  })

  test('a program that is killed ends the call of the provider', async () => {
    const stalling = await startProviderStandIn({ fail: 'stall-between-tokens' })
    const silent = await addModel(client, stalling)
    const script = `
for chunk in client.chat.completions.create(model=${JSON.stringify(silent.name)}, messages=[{"role": "user", "content": "x"}], stream=True):
    print("chunk", flush=True)`
    const { child, ended } = start(script)
    ended.catch(() => undefined)
    const call = await until(() => stalling.requests.find((one) => one.path.endsWith('/chat/completions')))
    child.kill('SIGKILL')
    await until(() => call.aborted)
    await stalling.close()
  })
})
