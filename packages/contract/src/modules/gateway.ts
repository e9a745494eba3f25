import { z } from 'zod'
import { route } from '../core/route.ts'
import { id, largestInt, listOf, name, page, timestamp } from '../core/scalars.ts'

/* Loose objects: what OpenAI adds later reaches a provider that knows it, or is named as left out. */
const textPart = z.looseObject({ type: z.literal('text'), text: z.string() })
const imagePart = z.looseObject({
  type: z.literal('image_url'),
  image_url: z.looseObject({ url: z.string().min(1), detail: z.string().optional() }),
})
const refusalPart = z.looseObject({ type: z.literal('refusal'), refusal: z.string() })
const texts = z.union([z.string(), z.array(textPart).min(1)])
const toolCall = z.looseObject({
  id: z.string(),
  type: z.literal('function').default('function'),
  function: z.looseObject({ name: z.string(), arguments: z.string() }),
})

export const gatewayMessage = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('system'), content: texts }),
  z.looseObject({ role: z.literal('developer'), content: texts }),
  z.looseObject({
    role: z.literal('user'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, imagePart])).min(1)]),
  }),
  z.looseObject({
    role: z.literal('assistant'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, refusalPart]))]).nullish(),
    reasoning_content: z.string().nullish(),
    tool_calls: z.array(toolCall).nullish(),
  }),
  z.looseObject({ role: z.literal('tool'), content: texts, tool_call_id: z.string() }),
])

const tool = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({
    name: z.string().min(1).max(128),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
    strict: z.boolean().nullish(),
  }),
})
const toolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: z.string() }) }),
])
const responseFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    json_schema: z.looseObject({
      name: z.string(),
      description: z.string().nullish(),
      schema: z.record(z.string(), z.unknown()).optional(),
      strict: z.boolean().nullish(),
    }),
  }),
])

/** A prompt of this instance in place of a system message: by its id or name; without a version, what is in production. */
export const gatewayPrompt = z.object({
  promptId: id.optional(),
  name: name.optional(),
  version: z.number().int().min(1).max(largestInt).nullish(),
  variables: z.record(z.string().max(64), z.string().max(10_000)).default({}),
})

const tokenLimit = z.number().int().min(1).max(1_000_000).nullish()

export const chatCompletionRequest = z.looseObject({
  model: z.string().min(1).max(300),
  messages: z.array(gatewayMessage).min(1).max(10_000),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: tokenLimit,
  max_completion_tokens: tokenLimit,
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  seed: z.number().int().nullish(),
  n: z.number().int().nullish(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).nullish(),
  tools: z.array(tool).max(512).nullish(),
  tool_choice: toolChoice.nullish(),
  response_format: responseFormat.nullish(),
  anneal_prompt: gatewayPrompt.nullish(),
})

export const gatewayUsage = z.object({
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  total_tokens: z.number().int(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().int() }),
  completion_tokens_details: z.object({ reasoning_tokens: z.number().int() }),
})

export const chatCompletion = z.object({
  id: z.string(),
  object: z.literal('chat.completion'),
  /** Unix seconds. */
  created: z.number().int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.number().int(),
      message: z.object({
        role: z.literal('assistant'),
        content: z.string().nullable(),
        refusal: z.null(),
        reasoning_content: z.string().optional(),
        tool_calls: z
          .array(
            z.object({
              id: z.string(),
              type: z.literal('function'),
              function: z.object({ name: z.string(), arguments: z.string() }),
            }),
          )
          .optional(),
      }),
      logprobs: z.null(),
      finish_reason: z.enum(['stop', 'length', 'tool_calls', 'content_filter']),
    }),
  ),
  /** Null where the provider counts nothing. */
  usage: gatewayUsage.nullable(),
})

const tokenNumbers = z.array(z.number().int().min(0).max(largestInt)).min(1).max(100_000)

export const embeddingsRequest = z.looseObject({
  model: z.string().min(1).max(300),
  /** Texts, or texts as the numbers of their tokens. */
  input: z.union([
    z.string().min(1),
    z.array(z.string().min(1)).min(1).max(2048),
    tokenNumbers,
    z.array(tokenNumbers).min(1).max(2048),
  ]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.number().int().min(1).max(100_000).nullish(),
})

const listedModel = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.number().int(),
  owned_by: z.string(),
})

/** One call as the ledger has it. */
export const gatewayCall = z.object({
  id,
  startedAt: timestamp,
  modelId: id.nullable(),
  modelName: z.string(),
  userId: id.nullable(),
  userName: z.string(),
  /** Null for a call from the page. */
  keyId: id.nullable(),
  keyName: z.string().nullable(),
  keyEnding: z.string().nullable(),
  state: z.enum(['finished', 'stopped', 'failed', 'interrupted']),
  errorCode: z.string().nullable(),
  inputTokens: z.number().int().nullable(),
  cachedInputTokens: z.number().int().nullable(),
  reasoningTokens: z.number().int().nullable(),
  outputTokens: z.number().int().nullable(),
  costMicros: z.number().int().nullable(),
  currency: z.string().nullable(),
  firstTokenMs: z.number().nullable(),
  durationMs: z.number().nullable(),
})

const openai = { dialect: 'openai', scope: 'gateway', permission: 'models.use' } as const
/** Images stand in the body. */
const requestLimit = 40 * 2 ** 20

export const gatewayRoutes = {
  'gateway.models': route({
    ...openai,
    method: 'GET',
    path: '/v1/models',
    summary: 'The models that the key may call',
    reply: z.object({ object: z.literal('list'), data: z.array(listedModel) }),
  }),
  'gateway.model': route({
    ...openai,
    method: 'GET',
    path: '/v1/models/:model',
    summary: 'One of them, by its name or id',
    params: z.object({ model: z.string().min(1).max(300) }),
    reply: listedModel,
    errors: ['gateway.model-not-found'],
  }),
  'gateway.chat': route({
    ...openai,
    method: 'POST',
    path: '/v1/chat/completions',
    summary: "One answer of a model in OpenAI's shape, whole or streamed",
    body: chatCompletionRequest,
    bodyLimit: requestLimit,
    reply: chatCompletion,
    alsoEvents: true,
    errors: ['gateway.model-not-found', 'models.off', 'generations.too-many'],
  }),
  'gateway.embeddings': route({
    ...openai,
    method: 'POST',
    path: '/v1/embeddings',
    summary: "Vectors of texts in OpenAI's shape",
    body: embeddingsRequest,
    bodyLimit: requestLimit,
    reply: z.object({
      object: z.literal('list'),
      data: z.array(
        z.object({
          object: z.literal('embedding'),
          index: z.number().int(),
          /** Base64 of 32-bit floats, little-endian, where the caller asks for it. */
          embedding: z.union([z.array(z.number()), z.string()]),
        }),
      ),
      model: z.string(),
      usage: z.object({ prompt_tokens: z.number().int(), total_tokens: z.number().int() }),
    }),
    errors: ['gateway.model-not-found', 'models.off'],
  }),
  'gateway.calls': route({
    method: 'GET',
    path: '/api/v1/gateway/calls',
    permission: 'models.use',
    summary: "The last calls, newest first: one's own, or everyone's for those who may read usage",
    query: page.extend({
      state: z.enum(['finished', 'stopped', 'failed', 'interrupted']).optional(),
      model: id.optional(),
      key: id.optional(),
      /** `own`: one's own alone, for those who see everyone's. */
      whose: z.enum(['own', 'all']).default('all'),
    }),
    reply: listOf(gatewayCall),
  }),
}
