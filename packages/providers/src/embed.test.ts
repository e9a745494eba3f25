import { afterEach, describe, expect, test } from 'vitest'
import { providers } from './index.ts'
import { nodeTransport, startProviderStandIn } from './testing/index.ts'
import type { ProviderStandIn } from './testing/index.ts'

let standIn: ProviderStandIn | undefined
afterEach(() => standIn?.close())
const context = { transport: nodeTransport, signal: new AbortController().signal }

describe.each([
  ['openai-compatible', 'openai'],
  ['ollama', 'ollama'],
] as const)('embeddings, %s', (kind, speaks) => {
  test('one vector a text, in order, with the tokens counted', async () => {
    standIn = await startProviderStandIn({ kind: speaks })
    const connection = { baseUrl: standIn.url }
    const request = { model: 'embed', input: ['one', 'two', 'one'], dimensions: 4 }
    const made = await providers[kind].embed?.(connection, request, context)
    expect(made?.vectors.map((vector) => vector.length)).toEqual([4, 4, 4])
    expect(made?.vectors[0]).toEqual(made?.vectors[2])
    expect(made?.vectors[0]).not.toEqual(made?.vectors[1])
    expect(made?.inputTokens).toBe(3)
  })

  test('a refused key is told as any other', async () => {
    standIn = await startProviderStandIn({ kind: speaks, apiKey: 'right' })
    const connection = { baseUrl: standIn.url, apiKey: 'wrong' }
    const asked = providers[kind].embed?.(connection, { model: 'embed', input: ['x'] }, context)
    await expect(asked).rejects.toMatchObject({ code: 'provider.unauthorized' })
  })
})

test('texts may come as the numbers of their tokens where the provider takes them', async () => {
  standIn = await startProviderStandIn({ kind: 'openai' })
  const input = [[1, 2, 3], [4], [1, 2, 3]]
  const made = await providers['openai-compatible'].embed?.(
    { baseUrl: standIn.url },
    { model: 'embed', input },
    context,
  )
  expect(standIn.requests.at(-1)?.body).toMatchObject({ input })
  expect(made?.vectors[0]).toEqual(made?.vectors[2])
  expect(made?.vectors[0]).not.toEqual(made?.vectors[1])
  expect(providers.ollama.embedsTokenNumbers).toBeUndefined()
})

test('a reply with too few vectors cannot be read', async () => {
  const body = JSON.stringify({ data: [{ index: 0, embedding: [1, 2] }] })
  const { Readable } = await import('node:stream')
  const transport = { request: async () => ({ status: 200, headers: {}, body: Readable.from([body]) }) }
  const asked = providers['openai-compatible'].embed?.(
    { baseUrl: 'http://there' },
    { model: 'embed', input: ['a', 'b'] },
    { ...context, transport },
  )
  await expect(asked).rejects.toMatchObject({ code: 'provider.garbage' })
})

test('Anthropic makes no vectors', () => {
  expect(providers.anthropic.embed).toBeUndefined()
})
