import type { ProviderStandIn } from '@anneal/providers/testing'
import type { TestServer } from '../../support/server.ts'
import { insert, sql } from './sql.ts'
import { addModel, ask, makeUser, unique, untilChecked, untilEnded } from './world.ts'

export type OwnedKind =
  | 'api-key'
  | 'passkey'
  | 'user'
  | 'session'
  | 'invitation'
  | 'group'
  | 'connection'
  | 'model'
  | 'generation'
  | 'conversation'
  | 'comparison'
  | 'dataset'
  | 'prompt'
  | 'training-run'
  | 'project'
  | 'tracked-run'
  | 'deployment'

export interface Owned {
  id: string
  ownerId?: string
  /** Of a conversation: its first message, and a model that the owner may call. */
  messageId?: string
  modelId?: string
  /** Of a comparison: its newest prompt, a pane and that pane's answer to it. */
  turnId?: string
  paneId?: string
  answerId?: string
  /** For what the asker does to a conversation of theirs. */
  ownConversationId?: string
}

export interface Wanted {
  server: TestServer
  standIn: ProviderStandIn
  /** A model that everyone may call. */
  modelId: string
  owner: Awaited<ReturnType<typeof makeUser>>
  kind: OwnedKind
  visibility: 'private' | 'everyone'
  deleted?: boolean | undefined
}

const progress = {
  step: 1,
  epoch: null,
  loss: 1,
  learningRate: null,
  gradientNorm: null,
  secondsPerStep: null,
  tokensPerSecond: null,
  secondsLeft: null,
  device: null,
  parameters: null,
  trainableParameters: null,
}

let counter = 0
const newId = (): string => {
  counter += 1
  return `01900000-0000-7000-8000-${counter.toString(16).padStart(12, '0')}`
}

const tables: Partial<Record<OwnedKind, string>> = {
  group: 'user_group',
  connection: 'connection',
  model: 'model',
  conversation: 'conversation',
  comparison: 'comparison',
  dataset: 'dataset',
  prompt: 'prompt',
  'training-run': 'training_run',
  project: 'project',
  'tracked-run': 'tracked_run',
  deployment: 'deployment',
}

const ROW = `${JSON.stringify({ prompt: 'q', completion: 'a' })}\n`

async function nodeId(server: TestServer): Promise<string> {
  const [row] = await sql(server, 'select id from node')
  return String(row?.id)
}

const columns = (wanted: Wanted) => ({
  id: newId(),
  owner_id: wanted.owner.id,
  visibility: wanted.visibility,
  version: 1,
  created_at: Date.now(),
  updated_at: Date.now(),
})

// A run and a deployment need an engine to be made; what may be done with them does not.
async function insertRun(wanted: Wanted): Promise<string> {
  const common = columns(wanted)
  const name = unique('run')
  await insert(wanted.server, 'training_run', {
    ...common,
    name,
    name_key: name,
    node_id: await nodeId(wanted.server),
    state: 'succeeded',
    desired: 'run',
    dataset_id: common.id,
    dataset_name: 'data',
    dataset_version: 1,
    base_model: '{"kind":"starter"}',
    tuning: '{"kind":"full"}',
    settings: JSON.stringify({
      steps: 1,
      learningRate: 0.001,
      batchSize: 1,
      gradientAccumulation: 1,
      maxLength: 16,
      saveEvery: 1,
      seed: 1,
    }),
    progress: JSON.stringify(progress),
    phases: '[]',
    warnings: '[]',
    events_inode: 0,
    events_offset: 0,
    events_seq: 0,
    servable: 0,
    started_at: Date.now(),
    ended_at: Date.now(),
  })
  return common.id
}

async function insertDeployment(wanted: Wanted): Promise<string> {
  const common = columns(wanted)
  const name = unique('deployment')
  await insert(wanted.server, 'deployment', {
    ...common,
    name,
    name_key: name,
    node_id: await nodeId(wanted.server),
    state: 'stopped',
    desired: 'stop',
    source: '{"kind":"base-model","baseModel":{"kind":"starter"}}',
    source_name: 'starter',
    served_name: name,
    restarts: 0,
    restart_times: '[]',
  })
  return common.id
}

async function insertProject(wanted: Wanted): Promise<string> {
  const project = columns(wanted)
  const { workspace } = wanted.owner
  await insert(wanted.server, 'project', { ...project, workspace, name: unique('project') })
  return project.id
}

async function insertTrackedRun(wanted: Wanted): Promise<string> {
  const project_id = await insertProject(wanted)
  const run = columns(wanted)
  await insert(wanted.server, 'tracked_run', {
    ...run,
    project_id,
    cuid: unique('run'),
    name: 'run',
    state: 'finished',
    profile: '{}',
    arrivals: 0,
  })
  return run.id
}

async function makeConversation({ owner, modelId }: Wanted): Promise<Owned & { generationId: string }> {
  const asked = await ask(owner.client, modelId, 'Hello')
  await untilEnded(owner.client, asked.generationId)
  return { id: asked.conversationId, messageId: asked.messageId, modelId, generationId: asked.generationId }
}

async function makeComparison({ owner, modelId }: Wanted): Promise<Owned> {
  const panes = [{ modelId }, { modelId }]
  const { id } = await owner.client.call('compare.create', { body: { panes } })
  const turn = await owner.client.call('compare.send', { params: { id }, body: { text: 'Hello' } })
  for (const { generationId } of turn.answers) await untilEnded(owner.client, generationId ?? '')
  const [answer] = turn.answers
  return { id, turnId: turn.id, paneId: answer?.paneId ?? '', answerId: answer?.id ?? '' }
}

/** No device has made it: for what may be done with it that is all one. */
async function insertPasskey({ server, owner }: Wanted): Promise<string> {
  const id = newId()
  await insert(server, 'user_passkey', {
    id,
    user_id: owner.id,
    name: 'Laptop',
    credential_hash: unique('credential'),
    credential_id: 'AAAA',
    public_key: 'AAAA',
    counter: 0,
    transports: '[]',
    synced: 0,
    created_at: Date.now(),
  })
  return id
}

/** Not by signing in: a passkey made for another row would ask this owner for it. */
async function insertSession({ server, owner }: Wanted): Promise<string> {
  const id = newId()
  const now = Date.now()
  await insert(server, 'auth_session', {
    id,
    user_id: owner.id,
    created_at: now,
    last_seen_at: now,
    expires_at: now + 86_400_000,
  })
  return id
}

async function make(wanted: Wanted): Promise<Owned> {
  const { owner, standIn, visibility, server } = wanted
  const { client } = owner
  switch (wanted.kind) {
    case 'api-key':
      return client.call('auth.createKey', { body: { name: unique('key') } })
    case 'passkey':
      return { id: await insertPasskey(wanted) }
    case 'user':
      return makeUser(server, await server.adminClient(), 'viewer')
    case 'session':
      return { id: await insertSession(wanted) }
    case 'invitation': {
      const email = `${unique('invited')}@example.com`
      return (await server.adminClient()).call('auth.createInvitation', { body: { email, role: 'viewer' } })
    }
    case 'group': {
      const administrator = await server.adminClient()
      const { id } = await administrator.call('access.createGroup', { body: { name: unique('group') } })
      const body = { add: [{ userId: owner.id, manages: true }] }
      await administrator.call('access.changeGroupMembers', { params: { id }, body })
      return { id }
    }
    case 'connection':
      return client.call('models.createConnection', {
        body: { name: unique('connection'), provider: 'ollama', baseUrl: standIn.url, visibility },
      })
    case 'model': {
      const model = await addModel(client, standIn)
      await sql(server, 'update connection set visibility = ? where id = ?', [visibility, model.connectionId])
      await sql(server, 'update model set visibility = ? where id = ?', [visibility, model.id])
      return model
    }
    case 'conversation':
      return makeConversation(wanted)
    case 'comparison':
      return makeComparison(wanted)
    case 'generation':
      return { id: (await makeConversation(wanted)).generationId }
    case 'dataset': {
      const reply = await client.send('datasets.upload', {
        query: { name: unique('data'), visibility },
        body: ROW,
      })
      const { id } = (await reply.json()) as { id: string }
      await untilChecked(client, id)
      return { id }
    }
    case 'prompt':
      return client.call('prompts.create', {
        body: { name: unique('prompt'), text: 'Hello {{name}}', visibility },
      })
    case 'training-run':
      return { id: await insertRun(wanted) }
    case 'deployment':
      return { id: await insertDeployment(wanted) }
    case 'project':
      return { id: await insertProject(wanted) }
    case 'tracked-run':
      return { id: await insertTrackedRun(wanted) }
  }
}

const isUnnamed = (kind: OwnedKind): boolean =>
  kind === 'conversation' || ['comparison', 'training-run', 'project', 'tracked-run'].includes(kind)

/** Makes a resource that belongs to `owner`. */
export async function makeResource(wanted: Wanted): Promise<Owned> {
  const made: Owned = { ...(await make(wanted)), ownerId: wanted.owner.id }
  const table = tables[wanted.kind]
  if (wanted.deleted && table) {
    // Unique names ignore deleted rows: their key is the id.
    const named = isUnnamed(wanted.kind) ? '' : ', name_key = id'
    await sql(wanted.server, `update ${table} set deleted_at = ?${named} where id = ?`, [Date.now(), made.id])
  }
  return made
}
