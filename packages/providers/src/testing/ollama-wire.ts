import { tokenize } from './script.ts'
import type { ScriptedReply } from './script.ts'
import { bearerOf } from './wire.ts'
import type { WireFormat, WireReply, WireRequest } from './wire.ts'

const CREATED_AT = '2026-10-01T08:00:00.000000Z'

const line = (request: WireRequest, message: object, rest: object = { done: false }): string =>
  `${JSON.stringify({
    model: request.model,
    created_at: CREATED_AT,
    message: { role: 'assistant', content: '', ...message },
    ...rest,
  })}\n`

const write = (reply: ScriptedReply, request: WireRequest): WireReply => {
  const reasoning = tokenize(reply.reasoning ?? '').map((thinking) => line(request, { thinking }))
  const text = tokenize(reply.text ?? '').map((content) => line(request, { content }))
  const tools = (reply.toolCalls ?? []).map(({ name, arguments: input }) =>
    line(request, { tool_calls: [{ function: { name, arguments: JSON.parse(input) as unknown } }] }),
  )
  const tokens = [...reasoning, ...text, ...tools]
  const { inputTokens = 12, outputTokens = tokens.length } = reply.usage ?? {}
  const end = {
    done: true,
    done_reason: reply.finishReason ?? 'stop',
    total_duration: 1_000_000_000,
    load_duration: 1_000_000,
    prompt_eval_count: inputTokens,
    prompt_eval_duration: 10_000_000,
    eval_count: outputTokens,
    eval_duration: 900_000_000,
  }
  return { contentType: 'application/x-ndjson', head: [], tokens, tail: [line(request, {}, end)] }
}

export const ollamaWire: WireFormat = {
  chatPath: '/api/chat',
  modelsPath: '/api/tags',
  write,
  models: (ids) => ({
    models: ids.map((name) => ({
      name,
      model: name,
      modified_at: CREATED_AT,
      size: 5_225_387_923,
      digest: 'stand-in',
      details: { family: 'qwen3', parameter_size: '8.2B', quantization_level: 'Q4_K_M' },
    })),
  }),
  failure: (status, model) => {
    const error = status === 404 ? `model '${model}' not found` : `the stand-in answers ${status}`
    return { status, body: JSON.stringify({ error }) }
  },
  errorEvent: '{"error":"an error was encountered while running the model"}\n',
  keyOf: bearerOf,
}
