import { z } from 'zod'
import { route } from '../core/route.ts'
import { id, idParams, timestamp } from '../core/scalars.ts'
import { parameters } from './parameters.ts'

export const generationState = z.enum(['running', 'finished', 'stopped', 'failed', 'interrupted'])

/** The meter under an answer. Times in milliseconds; tokens as the provider says, or null where it says none. */
export const meter = z.object({
  firstTokenMs: z.number().nullable(),
  durationMs: z.number().nullable(),
  reasoningMs: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
  inputTokens: z.number().int().nullable(),
  cachedInputTokens: z.number().int().nullable(),
  reasoningTokens: z.number().int().nullable(),
  outputTokens: z.number().int().nullable(),
  /** Millionths of `currency`; null while it runs, and where the model has no price or the provider no counts. */
  costMicros: z.number().int().nullable(),
  currency: z.string().nullable(),
})

/** One part of an answer, in the order it came. */
export const answerPart = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('reasoning'),
    text: z.string(),
    durationMs: z.number().nullable(),
    unterminated: z.boolean().optional(),
  }),
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('tool-call'), callId: z.string(), name: z.string(), arguments: z.string() }),
])

export const problem = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})

export const generation = z.object({
  id,
  state: generationState,
  modelId: id.nullable(),
  modelName: z.string(),
  parts: z.array(answerPart),
  /** Number of the last event that `parts` holds; a reader goes on from it. */
  seq: z.number().int(),
  meter,
  finishReason: z.string().nullable(),
  error: problem.nullable(),
  warnings: z.array(problem),
  startedAt: timestamp,
  endedAt: timestamp.nullable(),
})

export const generationRoutes = {
  'generations.get': route({
    method: 'GET',
    path: '/api/v1/generations/:id',
    permission: 'models.use',
    summary: 'An answer in the making, or a finished one',
    params: idParams,
    reply: generation,
  }),
  'generations.stream': route({
    method: 'GET',
    path: '/api/v1/generations/:id/events',
    permission: 'models.use',
    summary: 'Its events as server-sent events with sequence numbers; resumes by Last-Event-ID',
    params: idParams,
    replyKind: 'events',
  }),
  'generations.stop': route({
    method: 'POST',
    path: '/api/v1/generations/:id/stop',
    permission: 'models.use',
    summary: 'Stops it; what was received is kept',
    params: idParams,
    replyKind: 'empty',
  }),
  'generations.start': route({
    method: 'POST',
    path: '/api/v1/generations',
    permission: 'models.use',
    summary: 'One question to one model, outside of any conversation; not saved',
    body: z.object({
      modelId: id,
      messages: z
        .array(
          z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string().max(1_000_000) }),
        )
        .min(1)
        .max(200),
      parameters: parameters.default({}),
      /** The version that the system message was made from. */
      prompt: z.object({ promptId: id, version: z.number().int().min(1) }).optional(),
    }),
    reply: generation,
    status: 201,
    idempotent: true,
  }),
}
