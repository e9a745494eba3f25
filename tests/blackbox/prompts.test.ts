import type { ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { addModel, makeUser, refusal, unique, untilEnded } from './support/world.ts'

let server: TestServer
let standIn: ProviderStandIn
let admin: Client
let modelId: string

beforeAll(async () => {
  standIn = await startProviderStandIn({ reply: () => ({ text: 'Hello back' }), tokenDelayMs: 0 })
  server = await startServer()
  admin = await server.adminClient()
  modelId = (await addModel(admin, standIn)).id
})
afterAll(async () => {
  await server?.close()
  await standIn?.close()
})

async function makePrompt(client: Client, text = 'You help {{role}}, mind \\{{braces}}.') {
  const { id, name } = await client.call('prompts.create', {
    body: { name: unique('prompt'), text, visibility: 'everyone' },
  })
  const publish = (from: number | null, to: number) =>
    admin.call('prompts.moveLabel', {
      params: { id, label: 'production' },
      body: { from, to, reason: 'tried' },
    })
  return { id, name, publish }
}
const converse = (
  client: Client,
  prompt: { promptId: string; version: number | null; variables?: Record<string, string> },
) => client.call('chat.createConversation', { body: { modelId, prompt } })
/** Sends a question, waits for its answer and gives it as the conversation shows it. */
async function answerIn(client: Client, id: string) {
  const { answer } = await client.call('chat.send', { params: { id }, body: { text: 'Hello' } })
  await untilEnded(client, answer!.answer!.generationId)
  const { messages } = await client.call('chat.getConversation', { params: { id } })
  return messages.find((message) => message.id === answer!.id)?.answer
}
const systemSent = () => {
  const body = standIn.requests.at(-1)?.body as { messages: { role: string; content: string }[] }
  return body.messages.filter((message) => message.role === 'system').map((message) => message.content)
}

test('a chat answers with what is in production when it answers, and each answer names its version', async () => {
  const prompt = await makePrompt(admin)
  await prompt.publish(null, 1)
  const variables = { role: 'operators', unknown: 'left out' }
  const { id } = await converse(admin, { promptId: prompt.id, version: null, variables })
  const first = await answerIn(admin, id)
  expect(systemSent()).toEqual(['You help operators, mind {{braces}}.'])
  expect(first?.prompt).toEqual({ promptId: prompt.id, name: prompt.name, version: 1 })
  await admin.call('prompts.saveVersion', {
    params: { id: prompt.id },
    body: { basedOn: 1, text: 'You help nobody.' },
  })
  expect((await answerIn(admin, id))?.prompt?.version).toBe(1)
  await prompt.publish(1, 2)
  expect((await answerIn(admin, id))?.prompt?.version).toBe(2)
  expect(systemSent()).toEqual(['You help nobody.'])
  const { messages } = await admin.call('chat.getConversation', { params: { id } })
  expect(messages.flatMap((message) => message.answer?.prompt?.version ?? [])).toEqual([1, 1, 2])
})

test('a pinned version stays, also once it is archived or its prompt is renamed', async () => {
  const prompt = await makePrompt(admin, 'The first.')
  const { id } = await converse(admin, { promptId: prompt.id, version: 1 })
  await admin.call('prompts.saveVersion', {
    params: { id: prompt.id },
    body: { basedOn: 1, text: 'The second.' },
  })
  await admin.call('prompts.archiveVersion', { params: { id: prompt.id, number: 1 } })
  const name = unique('renamed')
  await admin.call('prompts.update', { params: { id: prompt.id }, body: { version: 1, name } })
  expect((await answerIn(admin, id))?.prompt).toMatchObject({ name, version: 1 })
  expect(systemSent()).toEqual(['The first.'])
})

test('a prompt that cannot be used is said in words, nothing is sent, and the chat goes on without it', async () => {
  const prompt = await makePrompt(admin)
  const missing = { promptId: prompt.id, version: 1 }
  const { id } = await converse(admin, missing)
  const before = standIn.requests.length
  const send = () => admin.call('chat.send', { params: { id }, body: { text: 'Hello' } })
  const unfilled = await refusal(send())
  expect([unfilled.status, unfilled.code, unfilled.problem.title]).toEqual([
    422,
    'prompts.variable-missing',
    'The variable role has no value',
  ])
  const unpublished = await refusal(converse(admin, { promptId: prompt.id, version: null }))
  expect([unpublished.status, unpublished.code]).toEqual([409, 'prompts.no-production'])
  const absent = await refusal(converse(admin, { promptId: prompt.id, version: 7 }))
  expect([absent.status, absent.code]).toEqual([404, 'prompts.version-not-found'])
  await admin.call('prompts.delete', { params: { id: prompt.id } })
  const gone = await refusal(send())
  expect([gone.status, gone.code]).toEqual([404, 'prompts.not-found'])
  expect((await admin.call('chat.getConversation', { params: { id } })).messages).toEqual([])
  expect(standIn.requests.length).toBe(before)
  await admin.call('chat.updateConversation', { params: { id }, body: { version: 1, prompt: null } })
  expect(await answerIn(admin, id)).toMatchObject({ state: 'finished', prompt: null })
})

test('where a prompt is used: all is counted, one’s own chats alone are named', async () => {
  const prompt = await makePrompt(admin, 'Plain.')
  await prompt.publish(null, 1)
  const member = await makeUser(server, admin, 'member')
  const own = await converse(member.client, { promptId: prompt.id, version: null })
  const other = await converse(admin, { promptId: prompt.id, version: 1 })
  await answerIn(admin, other.id)
  const { items } = await member.client.call('prompts.uses', { params: { id: prompt.id } })
  const chats = items.find((item) => item.by === 'chat')
  expect(chats?.count).toBe(2)
  expect(chats?.versions).toEqual(
    expect.arrayContaining([
      { version: null, count: 1 },
      { version: 1, count: 1 },
    ]),
  )
  expect(chats?.own.map((one) => one.id)).toEqual([own.id])
  expect(items.find((item) => item.by === 'answers')).toMatchObject({
    count: 1,
    versions: [{ version: 1, count: 1 }],
  })
  const shown = await member.client.call('prompts.get', { params: { id: prompt.id } })
  expect(shown.uses).toEqual(
    expect.arrayContaining([
      { by: 'chat', count: 2 },
      { by: 'answers', count: 1 },
    ]),
  )
  await member.client.call('chat.deleteConversation', { params: { id: own.id } })
  const after = await member.client.call('prompts.uses', { params: { id: prompt.id } })
  expect(after.items.find((item) => item.by === 'chat')).toMatchObject({ count: 1, own: [] })
})

test('an answer that tries a version is counted for it; nobody tries a prompt that they may not use', async () => {
  const prompt = await makePrompt(admin, 'Plain.')
  const start = (client: Client, version: number) =>
    client.call('generations.start', {
      body: {
        modelId,
        messages: [{ role: 'user', content: 'Hello' }],
        prompt: { promptId: prompt.id, version },
      },
    })
  await untilEnded(admin, (await start(admin, 1)).id)
  const { items } = await admin.call('prompts.uses', { params: { id: prompt.id } })
  expect(items.find((item) => item.by === 'answers')).toMatchObject({ count: 1, versions: [{ version: 1 }] })
  const absent = await refusal(start(admin, 9))
  expect([absent.status, absent.code]).toEqual([404, 'prompts.version-not-found'])
  const member = await makeUser(server, admin, 'member')
  await admin.call('prompts.delete', { params: { id: prompt.id } })
  const gone = await refusal(start(member.client, 1))
  expect([gone.status, gone.code]).toEqual([404, 'prompts.not-found'])
})

test('a program gets a prompt by name with an API key that may read', async () => {
  const prompt = await makePrompt(admin, 'For {{who}}.')
  await prompt.publish(null, 1)
  const made = await admin.call('auth.createKey', { body: { name: unique('key'), scopes: ['api:read'] } })
  const program = server.client()
  program.token = made.key
  const got = await program.call('prompts.byName', { params: { name: prompt.name } })
  expect(got).toMatchObject({ version: 1, text: 'For {{who}}.', variables: [{ name: 'who', default: null }] })
  const refused = await refusal(
    program.call('prompts.saveVersion', { params: { id: prompt.id }, body: { basedOn: 1, text: 'x' } }),
  )
  expect(refused.status).toBe(403)
})

test('twelve copies made at once each get a name of their own', async () => {
  const { id, name } = await makePrompt(admin)
  const copies = await Promise.all(
    Array.from({ length: 12 }, () => admin.call('prompts.duplicate', { params: { id }, body: {} })),
  )
  const names = copies.map((copy) => copy.name)
  expect(new Set([name, ...names]).size).toBe(13)
})

test('a name as long as it may be is kept, also of letters whose small form is longer', async () => {
  const name = 'İ'.repeat(100)
  const { id } = await admin.call('prompts.create', { body: { name, text: 'x', visibility: 'private' } })
  expect((await admin.call('prompts.get', { params: { id } })).name).toBe(name)
  const copy = await admin.call('prompts.duplicate', { params: { id }, body: {} })
  expect(copy.name).toBe(`${'İ'.repeat(98)}-2`)
})
