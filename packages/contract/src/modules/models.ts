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

export const connection = z.object({
  ...resourceFields,
  name: z.string(),
  provider: providerKind,
  baseUrl: z.string(),
  hasKey: z.boolean(),
  /** The key's last four characters; the key itself is never sent back. */
  keyEnding: z.string().nullable(),
  models: z.number().int(),
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
  contextWindow: z.number().int().nullable(),
  reasoningProfile,
  parameters,
  deploymentId: id.nullable(),
  /** `unknown` until it was called or tested once. */
  health: z.enum(['unknown', 'ok', 'slow', 'failing', 'off']),
  lastError: z
    .object({
      code: z.string(),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
      at: timestamp,
    })
    .nullable(),
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

const modelFields = z.object({
  name,
  providerModel: z.string().trim().min(1).max(300),
  contextWindow: z.number().int().min(1).max(100_000_000).nullable(),
  reasoningProfile,
  parameters,
  visibility,
})
const modelInput = modelFields.extend({
  connectionId: id,
  contextWindow: modelFields.shape.contextWindow.default(null),
  reasoningProfile: reasoningProfile.default('at-start'),
  parameters: parameters.default({}),
  visibility: visibility.default('everyone'),
})

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
    reply: z.object({
      items: z.array(z.object({ id: z.string(), contextWindow: z.number().int().nullable() })),
    }),
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
    query: page.extend({ search: z.string().max(200).optional() }),
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
