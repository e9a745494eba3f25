import { z } from 'zod'
import { route } from '../core/route.ts'
import { id, idParams, listOf, name, page, resourceFields, timestamp, visibility } from '../core/scalars.ts'
import { problem } from './generations.ts'
import { baseModel, logQuery, logReply } from './training.ts'

export const deploymentState = z.enum([
  'merging',
  'starting',
  'serving',
  'restarting',
  'stopping',
  'stopped',
  'failed',
  'lost',
])

/** What is served: a training run's result or checkpoint, the base a run started from, or a base model. */
export const deploymentSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('training-run'), trainingRunId: id, checkpointId: id.optional() }),
  z.object({ kind: z.literal('training-base'), trainingRunId: id }),
  z.object({ kind: z.literal('base-model'), baseModel }),
])

export const deployment = z.object({
  ...resourceFields,
  name: z.string(),
  state: deploymentState,
  source: deploymentSource,
  /** The source in words: a run's name and step, or a model id. */
  sourceName: z.string(),
  modelId: id.nullable(),
  engine: z.literal('transformers'),
  nodeName: z.string(),
  port: z.number().int().nullable(),
  memoryBytes: z.number().int().nullable(),
  restarts: z.number().int(),
  nextRestartAt: timestamp.nullable(),
  error: problem.nullable(),
  servingSince: timestamp.nullable(),
})

export const deploymentRoutes = {
  'deployments.list': route({
    method: 'GET',
    path: '/api/v1/deployments',
    permission: 'deployments.read',
    summary: 'Deployments that the asker may see, newest first',
    query: page.extend({
      trainingRunId: id.optional(),
      state: z.enum(['live', 'serving', 'stopped', 'failed']).optional(),
      search: z.string().max(200).optional(),
    }),
    reply: listOf(deployment),
  }),
  'deployments.create': route({
    method: 'POST',
    path: '/api/v1/deployments',
    permission: 'deployments.manage',
    summary: 'Serves a model; it becomes a row in models once it answers',
    body: z.object({
      name: name.optional(),
      source: deploymentSource,
      visibility: visibility.default('everyone'),
    }),
    reply: deployment,
    status: 201,
    idempotent: true,
    errors: ['deployments.nothing-to-serve', 'training.engine-not-ready'],
  }),
  'deployments.get': route({
    method: 'GET',
    path: '/api/v1/deployments/:id',
    permission: 'deployments.read',
    summary: 'One deployment',
    params: idParams,
    reply: deployment,
  }),
  'deployments.log': route({
    method: 'GET',
    path: '/api/v1/deployments/:id/log',
    permission: 'deployments.read',
    summary: 'Its log',
    params: idParams,
    query: logQuery,
    reply: logReply,
  }),
  'deployments.start': route({
    method: 'POST',
    path: '/api/v1/deployments/:id/start',
    permission: 'deployments.manage',
    summary: 'Starts a stopped or failed one again',
    params: idParams,
    reply: deployment,
  }),
  'deployments.stop': route({
    method: 'POST',
    path: '/api/v1/deployments/:id/stop',
    permission: 'deployments.manage',
    summary: 'Stops serving; the row in models stays and is marked off',
    params: idParams,
    reply: deployment,
  }),
  'deployments.delete': route({
    method: 'DELETE',
    path: '/api/v1/deployments/:id',
    permission: 'deployments.manage',
    summary: 'Stops and deletes it, with its row in models; can be undone',
    params: idParams,
    replyKind: 'empty',
  }),
  'deployments.restore': route({
    method: 'POST',
    path: '/api/v1/deployments/:id/restore',
    permission: 'deployments.manage',
    summary: 'Undoes the deletion; it stays stopped',
    params: idParams,
    reply: deployment,
  }),
}
