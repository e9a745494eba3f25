import { z } from 'zod'
import { id, name, resourceFields, timestamp, visibility } from '../core/scalars.ts'
import { problem } from './generations.ts'
import { parameters } from './parameters.ts'

export const providerKind = z.enum(['openai-compatible', 'anthropic', 'ollama'])
export const reasoningProfile = z.enum(['off', 'at-start', 'anywhere', 'assume-open'])
/** It is shown to all who manage connections, so that it holds no password; a key is given as a key. */
export const baseUrl = z
  .string()
  .trim()
  .max(2000)
  .regex(/^https?:\/\/[^\s]+$/)
  .refine((text) => {
    const url = URL.parse(text)
    return url !== null && url.username === '' && url.password === ''
  })
export const apiKey = z.string().trim().min(1).max(4000)

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
export const failure = z.object({
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
export const connectionFields = z.object({
  name,
  provider: providerKind,
  baseUrl,
  apiKey: apiKey.nullable().optional(),
  visibility,
})
export const connectionInput = connectionFields.extend({ visibility: visibility.default('everyone') })

export const providerModel = z.string().trim().min(1).max(300)
const tokens = z.number().int().min(1).max(100_000_000).nullable()
export const modelFields = z.object({
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
export const modelInput = modelFields.extend({
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
export const offeredModel = z.object({
  id: z.string(),
  kind: modelKind,
  contextWindow: z.number().int().nullable(),
  maxOutput: z.number().int().nullable(),
  capabilities,
  price: price.nullable(),
  /** A model of this connection has this id already. */
  added: z.boolean(),
})

export const callFigures = z.object({
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

export const localModel = z.object({
  name: z.string(),
  sizeBytes: z.number().int().nullable(),
  parameterSize: z.string().nullable(),
  quantization: z.string().nullable(),
  changedAt: timestamp.nullable(),
  /** The model here that calls it, if the asker may see it. */
  modelId: id.nullable(),
})
export const localName = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .regex(/^\w[\w.-]*(?:[:/]\w[\w.-]*)*$/)
