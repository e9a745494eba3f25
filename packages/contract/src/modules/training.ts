import { z } from 'zod'
import { route } from '../core/route.ts'
import { id, idParams, listOf, name, page, resourceFields, timestamp, visibility } from '../core/scalars.ts'
import { problem } from './generations.ts'
import { engineState } from './platform.ts'

export const trainingState = z.enum([
  'queued',
  'preparing',
  'running',
  'stopping',
  'stopped',
  'finalizing',
  'succeeded',
  'failed',
  'cancelled',
  'lost',
])

/** `name` or `owner/name`: a path, which a trainer would load as a folder, is none. */
const hubId = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .regex(/^\w[\w.-]*(?:\/\w[\w.-]*)?$/)

export const baseModel = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('starter') }),
  z.object({
    kind: z.literal('hub'),
    id: hubId,
    revision: z.string().trim().max(100).optional(),
  }),
  z.object({ kind: z.literal('folder'), path: z.string().trim().min(1).max(4000) }),
])

export const baseModelKind = z.enum(['starter', 'hub', 'folder'])

export const tuning = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('full') }),
  z.object({
    kind: z.literal('lora'),
    rank: z.number().int().min(1).max(512).default(16),
    alpha: z.number().min(1).max(2048).default(32),
    dropout: z.number().min(0).max(0.9).default(0),
  }),
])

/** What a run is set to beside its model and data; where absent, the engine's defaults for the base model. */
const givenSettings = {
  steps: z.number().int().min(1).max(10_000_000).optional(),
  learningRate: z.number().positive().max(1).optional(),
  batchSize: z.number().int().min(1).max(4096).optional(),
  gradientAccumulation: z.number().int().min(1).max(4096).optional(),
  maxLength: z.number().int().min(16).max(1_000_000).optional(),
  saveEvery: z.number().int().min(1).max(10_000_000).optional(),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional(),
}

export const trainingInput = z.object({
  name,
  datasetId: id,
  baseModel,
  tuning: tuning.default({ kind: 'full' }),
  ...givenSettings,
  visibility: visibility.default('private'),
  /** A checkpoint of a run with the same base model and method, which the new run goes on from. */
  resumeFrom: z.object({ trainingRunId: id, checkpointId: id }).optional(),
})

export const trainingSettings = z.object({
  steps: z.number().int(),
  learningRate: z.number(),
  batchSize: z.number().int(),
  gradientAccumulation: z.number().int(),
  maxLength: z.number().int(),
  saveEvery: z.number().int(),
  seed: z.number().int(),
})

export const trainingRun = z.object({
  ...resourceFields,
  name: z.string(),
  state: trainingState,
  datasetId: id,
  datasetName: z.string(),
  datasetVersion: z.number().int(),
  baseModel,
  tuning,
  settings: trainingSettings,
  step: z.number().int(),
  epoch: z.number().nullable(),
  loss: z.number().nullable(),
  learningRate: z.number().nullable(),
  gradientNorm: z.number().nullable(),
  secondsPerStep: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  device: z.string().nullable(),
  parameters: z.number().nullable(),
  trainableParameters: z.number().nullable(),
  error: problem.nullable(),
  /** When each phase began, in the order gone through. */
  phases: z.array(
    z.object({
      phase: z.enum(['queue', 'prepare', 'train', 'finish']),
      startedAt: timestamp,
      endedAt: timestamp.nullable(),
    }),
  ),
  startedAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  /** The tracked run that holds its curves; null where tracking failed, with the reason in `warnings`. */
  trackedRunId: id.nullable(),
  warnings: z.array(problem),
  /** The checkpoint that it goes on from, with the run's name as it was then. */
  resumedFrom: z.object({ trainingRunId: id, name: z.string(), step: z.number().int() }).nullable(),
  /** A result or checkpoint that can be served. */
  servable: z.boolean(),
})

export const checkpoint = z.object({
  id,
  step: z.number().int(),
  kind: z.enum(['checkpoint', 'result']),
  loss: z.number().nullable(),
  bytes: z.number().int().nullable(),
  createdAt: timestamp,
})

export const logLine = z.object({
  line: z.number().int(),
  time: z.number(),
  level: z.enum(['info', 'warning', 'error']),
  text: z.string(),
})

export const engine = z.object({
  state: engineState,
  /** 0 to 1 while it is prepared. */
  progress: z.number(),
  step: z.enum(['find-python', 'make-environment', 'download', 'install', 'check', 'done']).nullable(),
  error: problem.nullable(),
  /** Bytes to be downloaded, said before it begins. */
  downloadBytes: z.number().nullable(),
  python: z.string().nullable(),
  versions: z.record(z.string(), z.string()),
  device: z.string().nullable(),
  preparedAt: timestamp.nullable(),
})

export const logQuery = z.object({
  after: z.coerce.number().int().min(0).optional(),
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(2000).default(500),
})
export const logReply = z.object({ lines: z.array(logLine), total: z.number().int() })

const startErrors = [
  'training.engine-not-ready',
  'training.dataset-not-ready',
  'training.base-model-missing',
  'training.checkpoint-gone',
  'training.checkpoint-other',
  'training.checkpoint-passed',
] as const

export const trainingRoutes = {
  'training.engine': route({
    method: 'GET',
    path: '/api/v1/engine',
    permission: 'training.read',
    summary: "The training engine's environment on this server",
    reply: engine,
  }),
  'training.prepareEngine': route({
    method: 'POST',
    path: '/api/v1/engine/prepare',
    permission: 'engine.manage',
    summary: 'Prepares it, or tries again',
    reply: engine,
  }),
  'training.engineLog': route({
    method: 'GET',
    path: '/api/v1/engine/log',
    permission: 'training.read',
    summary: 'The log of its preparation',
    query: logQuery,
    reply: logReply,
  }),
  'training.defaults': route({
    method: 'GET',
    path: '/api/v1/training/defaults',
    permission: 'training.read',
    summary: 'Suggested settings by base model and tuning',
    query: z.object({
      base: baseModelKind.default('starter'),
      tuning: z.enum(['full', 'lora']).default('full'),
    }),
    reply: trainingSettings,
  }),
  'training.list': route({
    method: 'GET',
    path: '/api/v1/training',
    permission: 'training.read',
    summary: 'Training runs that the asker may see, newest first',
    query: page.extend({
      state: z.enum(['live', 'ended', 'succeeded', 'stopped', 'failed']).optional(),
      base: baseModelKind.optional(),
      owner: z.enum(['mine']).optional(),
      search: z.string().max(200).optional(),
      order: z.enum(['newest', 'oldest']).default('newest'),
    }),
    reply: listOf(trainingRun),
  }),
  'training.start': route({
    method: 'POST',
    path: '/api/v1/training',
    permission: 'training.write',
    summary: 'Starts a training run',
    body: trainingInput,
    reply: trainingRun,
    status: 201,
    idempotent: true,
    errors: startErrors,
  }),
  'training.retry': route({
    method: 'POST',
    path: '/api/v1/training/:id/retry',
    permission: 'training.write',
    summary:
      'Starts an ended run anew as a new run: its settings but for the changes, from a checkpoint if named',
    params: idParams,
    body: z.object({ ...givenSettings, tuning: tuning.optional(), checkpointId: id.optional() }),
    reply: trainingRun,
    status: 201,
    idempotent: true,
    errors: ['training.still-running', ...startErrors],
  }),
  'training.get': route({
    method: 'GET',
    path: '/api/v1/training/:id',
    permission: 'training.read',
    summary: 'One training run',
    params: idParams,
    reply: trainingRun,
  }),
  'training.log': route({
    method: 'GET',
    path: '/api/v1/training/:id/log',
    permission: 'training.read',
    summary: 'Its log',
    params: idParams,
    query: logQuery,
    reply: logReply,
  }),
  'training.checkpoints': route({
    method: 'GET',
    path: '/api/v1/training/:id/checkpoints',
    permission: 'training.read',
    summary: 'What it has saved, newest first; a result comes first',
    params: idParams,
    reply: z.object({ items: z.array(checkpoint) }),
  }),
  'training.stop': route({
    method: 'POST',
    path: '/api/v1/training/:id/stop',
    permission: 'training.write',
    summary: 'Stops at the end of the step and saves a checkpoint that can be served',
    params: idParams,
    reply: trainingRun,
  }),
  'training.delete': route({
    method: 'DELETE',
    path: '/api/v1/training/:id',
    permission: 'training.write',
    summary: 'Deletes an ended run; can be undone',
    params: idParams,
    replyKind: 'empty',
  }),
  'training.restore': route({
    method: 'POST',
    path: '/api/v1/training/:id/restore',
    permission: 'training.write',
    summary: 'Undoes the deletion',
    params: idParams,
    reply: trainingRun,
  }),
}
