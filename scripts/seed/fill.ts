import { randomBytes } from 'node:crypto'
import type { ProviderStandIn } from '@anneal/providers/testing'
import { CallError, type Client } from '../../tests/support/client.ts'
import { until } from '../../tests/support/until.ts'
import { scripts, type Script } from './conversations.ts'
import { instructionRows, supportRows } from './rows.ts'

export interface Made {
  what: string
  name: string
  path: string
  note?: string
}

/** Numbers a name until `make` finds it free, so that an instance can be filled twice. */
async function underFreeName<T>(name: string, make: (name: string) => Promise<T>): Promise<T> {
  for (let number = 1; ; number++) {
    try {
      return await make(number === 1 ? name : `${name} ${number}`)
    } catch (error) {
      const isTaken = error instanceof CallError && error.code?.endsWith('name-taken')
      if (!isTaken || number > 50) throw error
    }
  }
}

/** Connections to the two stand-ins, with three models. */
export async function fillModels(client: Client, reasoner: ProviderStandIn, local: ProviderStandIn) {
  const connect = (name: string, provider: 'openai-compatible' | 'ollama', baseUrl: string) =>
    underFreeName(name, (free) =>
      client.call('models.createConnection', {
        body: { name: free, provider, baseUrl, apiKey: provider === 'ollama' ? undefined : 'sk-of-the-seed' },
      }),
    )
  const hosted = await connect('Seed stand-in', 'openai-compatible', `${reasoner.url}/v1`)
  const own = await connect('Seed stand-in, Ollama', 'ollama', local.url)
  const add = (name: string, connectionId: string, contextWindow: number) =>
    underFreeName(name, (free) =>
      client.call('models.create', {
        body: { name: free, connectionId, providerModel: name, contextWindow },
      }),
    )
  return [
    await add('stand-in-reasoner', hosted.id, 131_072),
    await add('stand-in-small', hosted.id, 32_768),
    await add('stand-in-local', own.id, 8_192),
  ]
}

export async function untilAnswered(client: Client, id: string): Promise<void> {
  await until(async () => (await client.call('generations.get', { params: { id } })).state !== 'running', {
    timeoutMs: 60_000,
    everyMs: 50,
    what: 'the end of an answer',
  })
}

async function converse(client: Client, script: Script, modelId: string): Promise<Made> {
  const { id } = await client.call('chat.createConversation', {
    body: { title: script.title, modelId, systemPrompt: script.system ?? '' },
  })
  const { answer } = await client.call('chat.send', { params: { id }, body: { text: script.prompt } })
  const generationId = answer?.answer?.generationId
  if (generationId) await untilAnswered(client, generationId)
  return { what: 'conversation', name: script.title, path: `/chat/${id}` }
}

/** One conversation per script, each answered through the instance's own API. */
export async function fillConversations(client: Client, modelIds: string[]): Promise<Made[]> {
  const made: Made[] = []
  // From the last to the first, so that the first ones stand on top of the list.
  for (const [index, script] of [...scripts.entries()].toReversed()) {
    const modelId = modelIds[script.reasoning ? 0 : index % modelIds.length] ?? ''
    made.unshift(await converse(client, script, modelId))
  }
  return made
}

/** The sample, and two files of which some rows are set aside; all of them checked. */
export async function fillDatasets(client: Client): Promise<{ made: Made[]; sampleId: string }> {
  const upload = (name: string, body: string) =>
    underFreeName(name, (free) =>
      client.call('datasets.upload', { query: { name: free, visibility: 'everyone' }, body: body as never }),
    )
  const sets = [
    await client.call('datasets.addSample'),
    await upload('support-2026', supportRows(1200)),
    await upload('sums', instructionRows(400)),
  ]
  const [sample] = sets
  const untilChecked = (id: string) =>
    until(async () => (await client.call('datasets.get', { params: { id } })).state !== 'checking', {
      timeoutMs: 60_000,
      what: 'the check of a dataset',
    })
  await Promise.all(sets.map(({ id }) => untilChecked(id)))
  const made = sets.map(({ id, name }) => ({ what: 'dataset', name, path: `/datasets/${id}` }))
  return { made, sampleId: sample?.id ?? '' }
}

/** One user of each role but the administrator; a password of its own is said once. */
export async function fillUsers(client: Client): Promise<Made[]> {
  const made: Made[] = []
  for (const role of ['manager', 'member', 'viewer'] as const) {
    const email = `${role}@seed.example`
    const password = randomBytes(15).toString('base64url')
    try {
      await client.call('auth.createUser', { body: { email, role, password } })
      made.push({ what: 'user', name: email, path: '/sign-in', note: `password ${password}` })
    } catch (error) {
      if (!(error instanceof CallError && error.code === 'auth.email-taken')) throw error
      made.push({ what: 'user', name: email, path: '/sign-in', note: 'was there before' })
    }
  }
  return made
}

/** Where the engine is ready: a short run of the starter, and its result served. Nothing elsewhere. */
export async function fillTraining(client: Client, datasetId: string, steps: number): Promise<Made[]> {
  if ((await client.call('training.engine')).state !== 'ready') return []
  const run = await client.call('training.start', {
    body: { name: 'tidewell-first', datasetId, baseModel: { kind: 'starter' }, steps, saveEvery: steps },
  })
  const ended = await until(
    async () => {
      const now = await client.call('training.get', { params: { id: run.id } })
      return now.endedAt === null ? null : now
    },
    { timeoutMs: 300_000, everyMs: 250, what: 'the end of the training run' },
  )
  const made: Made[] = [{ what: 'training run', name: run.name, path: `/training/${run.id}` }]
  if (!ended.servable) return made
  const deployment = await client.call('deployments.create', {
    body: { source: { kind: 'training-run', trainingRunId: run.id } },
  })
  await until(
    async () => {
      const { state } = await client.call('deployments.get', { params: { id: deployment.id } })
      return state === 'serving' || state === 'failed'
    },
    { timeoutMs: 120_000, everyMs: 250, what: 'the deployment' },
  )
  return [...made, { what: 'deployment', name: deployment.name, path: `/deployments/${deployment.id}` }]
}
