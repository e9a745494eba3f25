import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { startProviderStandIn } from '@anneal/providers/testing'
import { Client } from '../tests/support/client.ts'
import { compareReply, fillComparisons } from './seed/compare.ts'
import { scripts } from './seed/conversations.ts'
import { fillGateway } from './seed/gateway.ts'
import { fillModelsRoom, hostedModels, localAbilities, localModels } from './seed/models.ts'
import {
  fillConversations,
  fillDatasets,
  fillModels,
  fillTraining,
  fillUsers,
  type Made,
} from './seed/fill.ts'
import { fillPeople } from './seed/people.ts'
import { fillPrompts, promptAnswer, promptQuestion } from './seed/prompts.ts'
import { fillTracking } from './seed/tracking.ts'
import { fillMoreRuns } from './seed/training.ts'

interface Credentials {
  email: string
  password: string
}

const steps = 40

/** A provider on this machine that gives the answers of the scripts, for as long as the filling takes. */
function startStandIn(kind: 'deepseek' | 'ollama', models: string[]) {
  return startProviderStandIn({
    kind,
    models,
    capabilities: localAbilities,
    firstTokenDelayMs: 60,
    tokenDelayMs: 3,
    reply: ({ prompt, model }) => {
      if (prompt === promptQuestion) return { text: promptAnswer }
      const compared = compareReply({ prompt, model })
      if (compared) return compared
      const script = scripts.find((one) => one.prompt === prompt)
      return { reasoning: script?.reasoning, text: script?.text ?? 'This stand-in knows its script alone.' }
    },
  })
}

/**
 * Fills a running instance with believable data of every kind, through its API alone. The answers come from
 * stand-ins of a provider on this machine, which end with it: their models answer no more afterwards.
 * @throws CallError where the instance refuses, as with a wrong password.
 */
export async function seed(baseUrl: string, { email, password }: Credentials): Promise<Made[]> {
  const client = new Client(baseUrl)
  await client.signIn(email, password)
  const reasoner = await startStandIn('deepseek', ['stand-in-reasoner', 'stand-in-small', ...hostedModels])
  const local = await startStandIn('ollama', ['stand-in-local', ...localModels])
  try {
    const models = await fillModels(client, reasoner, local)
    const rooms = await fillModelsRoom(client, reasoner, models)
    const conversations = await fillConversations(
      client,
      models.map(({ id }) => id),
    )
    const { made: datasets, sampleId } = await fillDatasets(client)
    return [
      ...rooms,
      ...models.map(({ name }) => ({ what: 'model', name, path: '/models' })),
      ...conversations,
      ...(await fillComparisons(
        client,
        models.map(({ id }) => id),
      )),
      ...(await fillPrompts(client, models[0]?.id)),
      ...(await fillGateway(client, models)),
      ...datasets,
      ...(await fillUsers(client)),
      ...(await fillTracking(client)),
      ...(await fillPeople(client)),
      ...(await fillTraining(client, sampleId, steps)),
      ...(await fillMoreRuns(client, sampleId)),
    ]
  } finally {
    await Promise.all([reasoner.close(), local.close()])
  }
}

async function ask(what: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return await prompt.question(`${what}: `)
  } finally {
    prompt.close()
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://localhost:4600' },
      email: { type: 'string' },
      password: { type: 'string' },
    },
  })
  const email = values.email ?? (await ask("Administrator's email"))
  const password = values.password ?? (await ask('Password'))
  const made = await seed(values.url, { email, password })
  for (const { what, name, path, note } of made) {
    console.log(
      `${what.padEnd(13)} ${name}${note ? ` (${note})` : ''}\n${' '.repeat(14)}${values.url}${path}`,
    )
  }
  console.log('\nThe stand-ins have ended: their models are listed, and answer no more.')
  if (!made.some(({ what }) => what === 'training run'))
    console.log('No training run was made: the training engine is not ready.')
}

if (import.meta.main) await main().catch(report)

function report(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
