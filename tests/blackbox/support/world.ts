import { randomBytes } from 'node:crypto'
import type { Role, RouteReply } from '@anneal/contract'
import type { ProviderStandIn } from '@anneal/providers/testing'
import { CallError, type Client } from '../../support/client.ts'
import type { TestServer } from '../../support/server.ts'
import { until } from '../../support/until.ts'

export type Generation = RouteReply<'generations.get'>
type Model = RouteReply<'models.get'>

const password = 'three words and a comma'

/** A name that no other test uses. */
export const unique = (what: string): string => `${what}-${randomBytes(4).toString('hex')}`

/** Makes a user of this role and signs in as them. */
export async function makeUser(server: TestServer, adminClient: Client, role: Role) {
  const email = `${unique(role)}@example.com`
  const user = await adminClient.call('auth.createUser', { body: { email, role, password } })
  const client = server.client()
  await client.signIn(email, password)
  return { id: user.id, email, password, client, workspace: user.workspace }
}

/** Adds a connection to a stand-in (or any address) and a model of it. */
export async function addModel(client: Client, provider: Pick<ProviderStandIn, 'url'>): Promise<Model> {
  const connection = await client.call('models.createConnection', {
    body: {
      name: unique('connection'),
      provider: 'openai-compatible',
      baseUrl: `${provider.url}/v1`,
      apiKey: 'sk-for-the-stand-in',
    },
  })
  return client.call('models.create', {
    body: { name: unique('model'), connectionId: connection.id, providerModel: 'stand-in' },
  })
}

export interface Asked {
  conversationId: string
  messageId: string
  answerId: string
  generationId: string
}

/** Sends a question, in a new conversation where none is given. */
export async function ask(
  client: Client,
  modelId: string,
  text: string,
  conversationId?: string,
): Promise<Asked> {
  const inConversation =
    conversationId ?? (await client.call('chat.createConversation', { body: { modelId } })).id
  const sent = await client.call('chat.send', { params: { id: inConversation }, body: { text } })
  const { answer } = sent
  if (!answer?.answer) throw new Error('no answer was started')
  return {
    conversationId: inConversation,
    messageId: sent.message.id,
    answerId: answer.id,
    generationId: answer.answer.generationId,
  }
}

export const getGeneration = (client: Client, id: string): Promise<Generation> =>
  client.call('generations.get', { params: { id } })

/** Waits until an answer has ended, and gives it. */
export function untilEnded(client: Client, generationId: string, timeoutMs = 20_000): Promise<Generation> {
  return until(
    async () => {
      const generation = await getGeneration(client, generationId)
      return generation.state === 'running' ? null : generation
    },
    { timeoutMs, what: 'the end of the answer' },
  )
}

/** An answer's text without its reasoning. */
export function answerText(parts: Generation['parts']): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

/** Waits until the check of a dataset has ended, and gives it. */
export function untilChecked(client: Client, id: string, timeoutMs = 30_000) {
  return until(
    async () => {
      const dataset = await client.call('datasets.get', { params: { id } })
      return dataset.state === 'checking' ? null : dataset
    },
    { timeoutMs, everyMs: 50, what: 'the check of the dataset' },
  )
}

/** The newest audit rows (at most 200), as the administrator reads them. */
export async function audit(adminClient: Client) {
  return (await adminClient.call('admin.audit', { query: { limit: 200 } })).items
}

/** The refusal that a call ends with. @throws Error where it went well. */
export async function refusal(call: Promise<unknown>): Promise<CallError> {
  const ended = await call.then(
    () => null,
    (error: unknown) => error,
  )
  if (ended instanceof CallError) return ended
  throw ended ?? new Error('the call went well')
}

/** The steps of home's path, and whether each is done. */
export async function checklist(client: Client): Promise<Record<string, boolean>> {
  const home = await client.call('home.get')
  return Object.fromEntries(home.checklist.map(({ step, done }) => [step, done]))
}
