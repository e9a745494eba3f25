import { tokenize } from './script.ts'
import type { ScriptedReply } from './script.ts'
import { bearerOf } from './wire.ts'
import type { WireFailure, WireFormat, WireReply, WireRequest } from './wire.ts'

type Flavour = 'openai' | 'deepseek' | 'transformers-serve'

const CREATED = 1_790_000_000

const event = (json: unknown): string => `data: ${JSON.stringify(json)}\n\n`

const chunk = (
  request: WireRequest,
  delta: unknown,
  finishReason: string | null,
  extra: object = {},
): string =>
  event({
    id: request.id,
    object: 'chat.completion.chunk',
    created: CREATED,
    model: request.model,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    ...extra,
  })

const usageOf = (reply: ScriptedReply, sent: number, reasoningSent: number): object => {
  const {
    inputTokens = 12,
    outputTokens = sent,
    reasoningTokens = reasoningSent,
    cachedInputTokens = 0,
  } = reply.usage ?? {}
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedInputTokens },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  }
}

const toolTokens = (reply: ScriptedReply, request: WireRequest): string[] =>
  (reply.toolCalls ?? []).flatMap(({ id, name, arguments: text }, index) => {
    const start = { index, id, type: 'function', function: { name, arguments: '' } }
    const rest = (text.match(/.{1,8}/gs) ?? []).map((part) => ({ index, function: { arguments: part } }))
    return [start, ...rest].map((call) => chunk(request, { tool_calls: [call] }, null))
  })

const write = (flavour: Flavour, reply: ScriptedReply, request: WireRequest): WireReply => {
  const reasoning = tokenize(reply.reasoning ?? '')
  const text = tokenize(reply.text ?? '')
  const native = flavour !== 'openai'
  const blank = flavour === 'deepseek' ? { content: null } : {}
  const tokens = [
    ...(native ? reasoning.map((part) => chunk(request, { ...blank, reasoning_content: part }, null)) : []),
    ...text.map((part) =>
      chunk(request, { content: part, ...(flavour === 'deepseek' && { reasoning_content: null }) }, null),
    ),
    ...toolTokens(reply, request),
  ]
  const finish = reply.finishReason ?? (reply.toolCalls?.length ? 'tool_calls' : 'stop')
  const usage = usageOf(reply, reasoning.length + text.length, reasoning.length)
  const inLastChunk = flavour === 'deepseek' && request.wantsUsage
  const tail = [chunk(request, {}, finish, inLastChunk ? { usage } : {})]
  if (flavour === 'openai' && request.wantsUsage) {
    tail.push(
      event({
        id: request.id,
        object: 'chat.completion.chunk',
        created: CREATED,
        model: request.model,
        choices: [],
        usage,
      }),
    )
  }
  if (flavour !== 'transformers-serve') tail.push('data: [DONE]\n\n')
  const head = [chunk(request, { role: 'assistant', content: flavour === 'deepseek' ? null : '' }, null)]
  return { contentType: 'text/event-stream; charset=utf-8', head, tokens, tail }
}

const ERRORS: Record<number, (model: string) => object> = {
  401: () => ({
    message: 'Incorrect API key provided.',
    type: 'invalid_request_error',
    code: 'invalid_api_key',
  }),
  403: () => ({ message: 'Your project may not use this model.', type: 'invalid_request_error', code: null }),
  404: (model) => ({
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    type: 'invalid_request_error',
    code: 'model_not_found',
  }),
  429: () => ({ message: 'Rate limit reached for requests', type: 'requests', code: 'rate_limit_exceeded' }),
  500: () => ({
    message: 'The server had an error while processing your request.',
    type: 'server_error',
    code: null,
  }),
}

const failure = (status: number, model: string): WireFailure => {
  const error = ERRORS[status]?.(model) ?? {
    message: `Status ${status}`,
    type: 'invalid_request_error',
    code: null,
  }
  return { status, body: JSON.stringify({ error: { param: null, ...error } }) }
}

const formatOf = (flavour: Flavour): WireFormat => ({
  chatPath: '/v1/chat/completions',
  modelsPath: '/v1/models',
  write: (reply, request) => write(flavour, reply, request),
  models: (ids) => ({
    object: 'list',
    data: ids.map((id) => ({ id, object: 'model', created: CREATED, owned_by: 'stand-in' })),
  }),
  failure,
  errorEvent: event({
    error: { message: 'The engine stopped.', type: 'server_error', param: null, code: null },
  }),
  keyOf: bearerOf,
})

export const openAiWire = formatOf('openai')
export const deepSeekWire = formatOf('deepseek')
export const transformersServeWire = formatOf('transformers-serve')
