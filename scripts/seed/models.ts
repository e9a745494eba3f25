import type { RouteInput } from '@anneal/contract'
import type { ProviderStandIn } from '@anneal/providers/testing'
import type { Client } from '../../tests/support/client.ts'
import { until } from '../../tests/support/until.ts'
import { type Made, untilAnswered } from './fill.ts'

type Change = Omit<RouteInput<'models.update'>['body'], 'version'>

const price = (inputMicros: number, cachedInputMicros: number | null, outputMicros: number) => ({
  currency: 'USD',
  inputMicros,
  cachedInputMicros,
  outputMicros,
})
const can = (reasoning: boolean, tools: boolean, vision: boolean, json: boolean) => ({
  reasoning,
  tools,
  vision,
  json,
})

/** What the hosted stand-in offers beside its first models. */
export const hostedModels = ['gpt-5-mini', 'deepseek-reasoner', 'qwen3-max', 'text-embedding-3-small']
/** What the Ollama stand-in holds beside its first model. */
export const localModels = ['qwen3:14b', 'gemma3:4b', 'nomic-embed-text:latest']

/** As Ollama names them. */
export const localAbilities = {
  'qwen3:14b': ['completion', 'thinking', 'tools'],
  'gemma3:4b': ['completion', 'vision'],
  'nomic-embed-text:latest': ['embedding'],
}

const changes: Record<string, Change> = {
  'stand-in-reasoner': { price: price(280_000, 28_000, 420_000), capabilities: can(true, true, false, true) },
  'stand-in-small': { price: price(50_000, null, 200_000), capabilities: can(false, true, false, true) },
  'stand-in-local': { price: price(0, null, 0), capabilities: can(false, false, false, true) },
  'gpt-5-mini': { price: price(250_000, 25_000, 2_000_000), parameters: { reasoningEffort: 'low' } },
  'deepseek-reasoner': { price: price(280_000, 28_000, 420_000) },
  'text-embedding-3-small': { price: price(20_000, null, 0), contextWindow: 8191 },
  'gemma3:4b': { enabled: false },
}

/** Prices, abilities and several more models; one whose provider refuses the key, and a model brought to Ollama. */
export async function fillModelsRoom(
  client: Client,
  hosted: ProviderStandIn,
  models: readonly { id: string; name: string; connectionId: string }[],
): Promise<Made[]> {
  const [hostedId, localId] = [...new Set(models.map((model) => model.connectionId))]
  if (!hostedId || !localId) return []
  const added = [
    ...(await addOffered(client, hostedId, hostedModels)),
    ...(await addOffered(client, localId, localModels)),
  ]
  for (const { id, name } of [...models, ...added]) {
    const wanted = changes[name.replace(/ \d+$/, '')]
    if (!wanted) continue
    const { version } = await client.call('models.get', { params: { id } })
    await client.call('models.update', { params: { id }, body: { version, ...wanted } })
  }
  await failOnce(client, hosted, added.find((model) => model.name.startsWith('qwen3-max'))?.id)
  await pull(client, localId, 'qwen3:8b')
  return [{ what: 'connection', name: 'Ollama', path: `/models/connections/${localId}?tab=local` }]
}

async function addOffered(client: Client, connectionId: string, names: string[]) {
  const { items } = await client.call('models.offered', { body: { connectionId } })
  const wanted = items.filter((item) => names.includes(item.id) && !item.added)
  if (wanted.length === 0) return []
  const made = await client.call('models.createMany', {
    params: { id: connectionId },
    body: {
      models: wanted.map(({ id, kind, contextWindow, maxOutput, capabilities }) => ({
        providerModel: id,
        kind,
        contextWindow,
        maxOutput,
        capabilities,
      })),
    },
  })
  return made.items.flatMap(({ model }) => (model ? [model] : []))
}

/** One call that the provider refuses, so that a model's page has a failure to show. */
async function failOnce(client: Client, hosted: ProviderStandIn, modelId: string | undefined): Promise<void> {
  if (!modelId) return
  hosted.set({ fail: 401 })
  const started = await client.call('generations.start', {
    body: { modelId, messages: [{ role: 'user', content: 'Are you there?' }] },
  })
  await untilAnswered(client, started.id)
  hosted.set({ fail: undefined })
}

async function pull(client: Client, connectionId: string, name: string): Promise<void> {
  const params = { id: connectionId }
  await client.call('models.startPull', { params, body: { name } })
  await until(
    async () => (await client.call('models.pulls', { params })).items.every((one) => one.endedAt !== null),
    { timeoutMs: 30_000, what: `the end of the pull of ${name}` },
  )
}
