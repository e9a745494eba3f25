import { tokenize } from './script.ts'
import type { ScriptedReply } from './script.ts'
import type { WireFormat, WireReply, WireRequest } from './wire.ts'

type Block = { start: object; deltas: object[] }

const event = (data: { type: string; [name: string]: unknown }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`

const blocksOf = (reply: ScriptedReply): Block[] => {
  const blocks: Block[] = []
  if (reply.reasoning) {
    const deltas: object[] = tokenize(reply.reasoning).map((thinking) => ({
      type: 'thinking_delta',
      thinking,
    }))
    deltas.push({ type: 'signature_delta', signature: reply.signature ?? 'c3RhbmQtaW4=' })
    blocks.push({ start: { type: 'thinking', thinking: '', signature: '' }, deltas })
  }
  if (reply.redacted) blocks.push({ start: { type: 'redacted_thinking', data: reply.redacted }, deltas: [] })
  if (reply.text) {
    const deltas = tokenize(reply.text).map((text) => ({ type: 'text_delta', text }))
    blocks.push({ start: { type: 'text', text: '' }, deltas })
  }
  for (const { id, name, arguments: input } of reply.toolCalls ?? []) {
    const parts = ['', ...(input.match(/.{1,8}/gs) ?? [])]
    const deltas = parts.map((part) => ({ type: 'input_json_delta', partial_json: part }))
    blocks.push({ start: { type: 'tool_use', id, name, input: {} }, deltas })
  }
  return blocks
}

const write = (reply: ScriptedReply, request: WireRequest): WireReply => {
  const blocks = blocksOf(reply)
  const tokens = blocks.flatMap(({ start, deltas }, index) => {
    const pieces = deltas.map((delta) => event({ type: 'content_block_delta', index, delta }))
    const first = event({ type: 'content_block_start', index, content_block: start })
    const last = event({ type: 'content_block_stop', index })
    if (pieces.length === 0) return [first + last]
    return pieces.map((piece, at) => (at === 0 ? first : '') + piece + (at === pieces.length - 1 ? last : ''))
  })
  const { inputTokens = 12, outputTokens = tokens.length, cachedInputTokens = 0 } = reply.usage ?? {}
  const usage = {
    input_tokens: inputTokens - cachedInputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cachedInputTokens,
    output_tokens: 1,
  }
  const message = {
    id: request.id,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  }
  const stopReason = reply.finishReason ?? (reply.toolCalls?.length ? 'tool_use' : 'end_turn')
  return {
    contentType: 'text/event-stream; charset=utf-8',
    head: [event({ type: 'message_start', message }), event({ type: 'ping' })],
    tokens,
    tail: [
      event({
        type: 'message_delta',
        delta: { stop_reason: stopReason, stop_sequence: null },
        usage: { output_tokens: outputTokens },
      }),
      event({ type: 'message_stop' }),
    ],
  }
}

const ERROR_TYPES: Record<number, string> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
}

export const anthropicWire: WireFormat = {
  chatPath: '/v1/messages',
  modelsPath: '/v1/models',
  write,
  models: (ids) => ({
    data: ids.map((id) => ({ type: 'model', id, display_name: id, created_at: '2026-01-01T00:00:00Z' })),
    has_more: false,
    first_id: ids[0] ?? null,
    last_id: ids.at(-1) ?? null,
  }),
  failure: (status, model) => {
    const type = ERROR_TYPES[status] ?? 'invalid_request_error'
    const message = status === 404 ? `model: ${model}` : `The stand-in answers ${status}.`
    return { status, body: JSON.stringify({ type: 'error', error: { type, message } }) }
  },
  errorEvent: event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
  keyOf: (headers) => {
    const value = headers['x-api-key']
    return typeof value === 'string' ? value : undefined
  },
}
