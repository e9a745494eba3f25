import { z } from 'zod'
import { route } from '../core/route.ts'
import {
  id,
  idParams,
  listOf,
  name,
  page,
  resourceFields,
  timestamp,
  version,
  visibility,
} from '../core/scalars.ts'
import { problem } from './generations.ts'
import { parameters } from './parameters.ts'

export const providerKind = z.enum(['openai-compatible', 'anthropic', 'ollama'])
export const reasoningProfile = z.enum(['off', 'at-start', 'anywhere', 'assume-open'])
/** It is shown to all who manage connections, so that it holds no password; a key is given as a key. */
const baseUrl = z
  .string()
  .trim()
  .max(2000)
  .regex(/^https?:\/\/[^\s]+$/)
  .refine((text) => {
    const url = URL.parse(text)
    return url !== null && url.username === '' && url.password === ''
  })
const apiKey = z.string().trim().min(1).max(4000)

/** Chat answers in words; embedding turns texts into vectors and is called through the gateway alone. */
export const modelKind = z.enum(['chat', 'embedding'])

/** Ten million of a currency for a million tokens: more than any model costs, and exact as a number. */
const micros = z.number().int().min(0).max(10_000_000_000_000)

/** Per million tokens, in millionths of a currency. Reasoning counts as output. */
export const price = z.object({
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/),
  inputMicros: micros,
  /** Null: cached input costs what input costs. */
  cachedInputMicros: micros.nullable(),
  outputMicros: micros,
})

/** What a model can do; null where nobody has said so yet. */
export const capabilities = z.object({
  reasoning: z.boolean().nullable(),
  tools: z.boolean().nullable(),
  vision: z.boolean().nullable(),
  json: z.boolean().nullable(),
})

export const modelHealth = z.enum(['unknown', 'ok', 'slow', 'failing', 'off'])
const failure = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  at: timestamp,
})

export const connection = z.object({
  ...resourceFields,
  name: z.string(),
  provider: providerKind,
  baseUrl: z.string(),
  hasKey: z.boolean(),
  /** The key's last four characters; the key itself is never sent back. */
  keyEnding: z.string().nullable(),
  models: z.number().int(),
  /** The worst of its models. */
  health: modelHealth,
  failingModels: z.number().int(),
  lastOkAt: timestamp.nullable(),
  /** Made and ended by a deployment, not by hand. */
  managed: z.boolean(),
})

export const model = z.object({
  ...resourceFields,
  name: z.string(),
  connectionId: id,
  connectionName: z.string(),
  provider: providerKind,
  providerModel: z.string(),
  kind: modelKind,
  /** False: nobody can call it until it is switched on again. */
  enabled: z.boolean(),
  contextWindow: z.number().int().nullable(),
  maxOutput: z.number().int().nullable(),
  capabilities,
  price: price.nullable(),
  reasoningProfile,
  parameters,
  deploymentId: id.nullable(),
  /** `unknown` until it was called or tested once; `off` where it is switched off or not served now. */
  health: modelHealth,
  lastError: failure.nullable(),
  lastOkAt: timestamp.nullable(),
  firstTokenMs: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
})

/** One step of 'test connection', in the order tried. */
export const testStep = z.object({
  step: z.enum(['reach', 'authenticate', 'list-models', 'first-token', 'stream']),
  state: z.enum(['passed', 'warning', 'failed', 'skipped']),
  ms: z.number().nullable(),
  code: z.string().nullable(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})

/* Without defaults: what a change leaves out stays as it is. */
const connectionFields = z.object({
  name,
  provider: providerKind,
  baseUrl,
  apiKey: apiKey.nullable().optional(),
  visibility,
})
const connectionInput = connectionFields.extend({ visibility: visibility.default('everyone') })

const providerModel = z.string().trim().min(1).max(300)
const tokens = z.number().int().min(1).max(100_000_000).nullable()
const modelFields = z.object({
  name,
  providerModel,
  kind: modelKind,
  enabled: z.boolean(),
  contextWindow: tokens,
  maxOutput: tokens,
  capabilities,
  price: price.nullable(),
  reasoningProfile,
  parameters,
  visibility,
})
const nothingSaid = { reasoning: null, tools: null, vision: null, json: null }
const modelInput = modelFields.extend({
  connectionId: id,
  kind: modelKind.default('chat'),
  enabled: z.boolean().default(true),
  contextWindow: tokens.default(null),
  maxOutput: tokens.default(null),
  capabilities: capabilities.default(nothingSaid),
  price: price.nullable().default(null),
  reasoningProfile: reasoningProfile.default('at-start'),
  parameters: parameters.default({}),
  visibility: visibility.default('everyone'),
})

/** A model as the provider's list has it, with what is known of it. */
const offeredModel = z.object({
  id: z.string(),
  kind: modelKind,
  contextWindow: z.number().int().nullable(),
  maxOutput: z.number().int().nullable(),
  capabilities,
  price: price.nullable(),
  /** A model of this connection has this id already. */
  added: z.boolean(),
})

const callFigures = z.object({
  calls: z.number().int(),
  failed: z.number().int(),
  /** Medians over the calls that went well. */
  firstTokenMs: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  /** Median first token in each of equal parts of the time, oldest first; null where there was no call. */
  firstTokens: z.array(z.number().nullable()),
})

/** A model being brought to an Ollama server. */
export const pull = z.object({
  id,
  connectionId: id,
  name: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  /** In Ollama's words: `pulling manifest`, `verifying sha256 digest`, … */
  phase: z.string().nullable(),
  completedBytes: z.number().int().nullable(),
  totalBytes: z.number().int().nullable(),
  error: problem.nullable(),
  createdAt: timestamp,
  endedAt: timestamp.nullable(),
})

const localModel = z.object({
  name: z.string(),
  sizeBytes: z.number().int().nullable(),
  parameterSize: z.string().nullable(),
  quantization: z.string().nullable(),
  changedAt: timestamp.nullable(),
  /** The model here that calls it, if the asker may see it. */
  modelId: id.nullable(),
})
const localName = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .regex(/^\w[\w.-]*(?:[:/]\w[\w.-]*)*$/)

export const modelRoutes = {
  'models.listConnections': route({
    method: 'GET',
    path: '/api/v1/connections',
    permission: 'connections.manage',
    summary: 'Connections to providers',
    query: page,
    reply: listOf(connection),
  }),
  'models.createConnection': route({
    method: 'POST',
    path: '/api/v1/connections',
    permission: 'connections.manage',
    summary: 'Adds a connection to a provider; the key is encrypted at rest',
    body: connectionInput,
    reply: connection,
    status: 201,
    idempotent: true,
  }),
  'models.updateConnection': route({
    method: 'PATCH',
    path: '/api/v1/connections/:id',
    permission: 'connections.manage',
    summary: 'Changes a connection; a key left out stays, null removes it',
    params: idParams,
    body: connectionFields.partial().extend({ version }),
    reply: connection,
  }),
  'models.deleteConnection': route({
    method: 'DELETE',
    path: '/api/v1/connections/:id',
    permission: 'connections.manage',
    summary: 'Deletes a connection and its models; can be undone',
    params: idParams,
    replyKind: 'empty',
  }),
  'models.restoreConnection': route({
    method: 'POST',
    path: '/api/v1/connections/:id/restore',
    permission: 'connections.manage',
    summary: 'Undoes the deletion of a connection and of the models deleted with it',
    params: idParams,
    reply: connection,
  }),
  'models.offered': route({
    method: 'POST',
    path: '/api/v1/connections/offered',
    permission: 'connections.manage',
    summary: 'The models that a provider offers, by a stored connection or by one not saved yet',
    body: z.object({
      connectionId: id.optional(),
      provider: providerKind.optional(),
      baseUrl: baseUrl.optional(),
      apiKey: apiKey.optional(),
    }),
    reply: z.object({ items: z.array(offeredModel) }),
  }),
  'models.getConnection': route({
    method: 'GET',
    path: '/api/v1/connections/:id',
    permission: 'connections.manage',
    summary: 'One connection',
    params: idParams,
    reply: connection,
  }),
  'models.createMany': route({
    method: 'POST',
    path: '/api/v1/connections/:id/models',
    permission: 'models.manage',
    summary: 'Adds several models of a connection; one that cannot be added does not stop the others',
    params: idParams,
    body: z.object({
      visibility: visibility.default('everyone'),
      models: z
        .array(modelInput.omit({ connectionId: true, visibility: true }).partial({ name: true }))
        .min(1)
        .max(200),
    }),
    /** In the order asked for. A name that is taken gets a number. */
    reply: z.object({
      items: z.array(
        z.object({ providerModel: z.string(), model: model.nullable(), error: problem.nullable() }),
      ),
    }),
    idempotent: true,
  }),
  'models.figures': route({
    method: 'GET',
    path: '/api/v1/models/figures',
    permission: 'models.read',
    summary: 'Calls of the last hours by model, of the models that the asker may see',
    query: z.object({ hours: z.coerce.number().int().min(1).max(168).default(24) }),
    reply: z.object({ items: z.array(callFigures.extend({ modelId: id })) }),
  }),
  'models.failures': route({
    method: 'GET',
    path: '/api/v1/models/:id/failures',
    permission: 'models.read',
    summary: 'The last failures of a model, newest first; twenty at most',
    params: idParams,
    reply: z.object({ items: z.array(failure) }),
  }),
  'models.connectionFailures': route({
    method: 'GET',
    path: '/api/v1/connections/:id/failures',
    permission: 'connections.manage',
    summary: 'The last failures of all models of a connection, newest first; twenty at most',
    params: idParams,
    reply: z.object({ items: z.array(failure.extend({ modelId: id, modelName: z.string() })) }),
  }),
  'models.localModels': route({
    method: 'GET',
    path: '/api/v1/connections/:id/local-models',
    permission: 'connections.manage',
    summary: 'What lies on an Ollama server, with sizes',
    params: idParams,
    reply: z.object({ items: z.array(localModel) }),
  }),
  'models.deleteLocalModel': route({
    method: 'DELETE',
    path: '/api/v1/connections/:id/local-models',
    permission: 'connections.manage',
    summary: 'Deletes a model from an Ollama server; its files are gone',
    params: idParams,
    query: z.object({ name: localName }),
    replyKind: 'empty',
  }),
  'models.pulls': route({
    method: 'GET',
    path: '/api/v1/connections/:id/pulls',
    permission: 'connections.manage',
    summary: 'Models being brought to an Ollama server, and the last that were; newest first',
    params: idParams,
    reply: z.object({ items: z.array(pull) }),
  }),
  'models.startPull': route({
    method: 'POST',
    path: '/api/v1/connections/:id/pulls',
    permission: 'connections.manage',
    summary: 'Brings a model to an Ollama server; one that is on its way already is answered as it is',
    params: idParams,
    body: z.object({ name: localName }),
    reply: pull,
    status: 201,
    idempotent: true,
  }),
  'models.cancelPull': route({
    method: 'POST',
    path: '/api/v1/connections/:id/pulls/cancel',
    permission: 'connections.manage',
    summary: 'Stops bringing a model, if it is on its way; what has come stays there for the next time',
    params: idParams,
    body: z.object({ name: localName }),
    replyKind: 'empty',
  }),
  'models.test': route({
    method: 'POST',
    path: '/api/v1/models/test',
    permission: 'connections.manage',
    summary:
      'Tests a connection and a model step by step; each step is sent as it ends (server-sent events `step`, then `done`)',
    body: z.object({
      connectionId: id.optional(),
      modelId: id.optional(),
      provider: providerKind.optional(),
      baseUrl: baseUrl.optional(),
      apiKey: apiKey.optional(),
      providerModel: z.string().trim().min(1).max(300).optional(),
    }),
    replyKind: 'events',
    scope: 'api:write',
  }),
  'models.list': route({
    method: 'GET',
    path: '/api/v1/models',
    permission: 'models.read',
    summary: 'Models that the asker may see',
    query: page.extend({
      search: z.string().max(200).optional(),
      connectionId: id.optional(),
      health: modelHealth.optional(),
      capability: z.enum(['reasoning', 'tools', 'vision', 'json', 'embedding']).optional(),
    }),
    reply: listOf(model),
  }),
  'models.get': route({
    method: 'GET',
    path: '/api/v1/models/:id',
    permission: 'models.read',
    summary: 'One model',
    params: idParams,
    reply: model,
  }),
  'models.create': route({
    method: 'POST',
    path: '/api/v1/models',
    permission: 'models.manage',
    summary: 'Adds a model of a connection',
    body: modelInput,
    reply: model,
    status: 201,
    idempotent: true,
  }),
  'models.update': route({
    method: 'PATCH',
    path: '/api/v1/models/:id',
    permission: 'models.manage',
    summary: 'Changes a model',
    params: idParams,
    body: modelFields.partial().extend({ version }),
    reply: model,
  }),
  'models.delete': route({
    method: 'DELETE',
    path: '/api/v1/models/:id',
    permission: 'models.manage',
    summary: 'Deletes a model; can be undone',
    params: idParams,
    replyKind: 'empty',
  }),
  'models.restore': route({
    method: 'POST',
    path: '/api/v1/models/:id/restore',
    permission: 'models.manage',
    summary: 'Undoes the deletion of a model',
    params: idParams,
    reply: model,
  }),
}
