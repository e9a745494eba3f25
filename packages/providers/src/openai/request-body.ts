import type { ChatMessage, ChatRequest, ContentPart, ResponseFormat, ToolChoice } from '../provider.ts'
import type { JsonRecord } from '../json.ts'
import type { Warn } from '../warnings.ts'
import type { Dialect } from './dialects.ts'

const content = (value: string | ContentPart[]): unknown =>
  typeof value === 'string'
    ? value
    : value.map((part) => (part.type === 'text' ? part : { type: 'image_url', image_url: imageOf(part) }))

const imageOf = (part: Exclude<ContentPart, { type: 'text' }>): JsonRecord =>
  part.type === 'image'
    ? { url: `data:${part.mediaType};base64,${part.data}` }
    : { url: part.url, ...(part.detail !== undefined && { detail: part.detail }) }

const assistant = (message: Extract<ChatMessage, { role: 'assistant' }>, dialect: Dialect): JsonRecord => {
  const body: JsonRecord = { role: 'assistant', content: content(message.content) }
  const { toolCalls, reasoning } = message
  if (toolCalls?.length) {
    body.tool_calls = toolCalls.map(({ id, name, arguments: text }) => ({
      id,
      type: 'function',
      function: { name, arguments: text },
    }))
    if (dialect.sendsReasoningBack === 'with-tool-calls' && reasoning?.length) {
      body.reasoning_content = reasoning.map(({ text }) => text).join('')
    }
  }
  return body
}

const messageBody = (message: ChatMessage, dialect: Dialect): JsonRecord => {
  if (message.role === 'assistant') return assistant(message, dialect)
  if (message.role === 'tool') {
    return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
  }
  return { role: message.role, content: content(message.content) }
}

const toolChoiceOf = (choice: ToolChoice): unknown =>
  typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } }

const formatOf = (format: ResponseFormat): JsonRecord => {
  if (format.type === 'json-object') return { type: 'json_object' }
  if (format.type === 'text') return { type: 'text' }
  const { name, schema, description, strict } = format
  return {
    type: 'json_schema',
    json_schema: {
      name,
      schema,
      ...(description !== undefined && { description }),
      ...(strict !== undefined && { strict }),
    },
  }
}

const addTools = (body: JsonRecord, request: ChatRequest, dialect: Dialect, warn: Warn): void => {
  const { tools, toolChoice } = request
  if (!tools?.length) return
  if (!dialect.tools) return warn('provider.option-ignored', { option: 'tools' })
  body.tools = tools.map((tool) => ({ type: 'function', function: tool }))
  if (toolChoice !== undefined) body.tool_choice = toolChoiceOf(toolChoice)
}

const addEffort = (body: JsonRecord, request: ChatRequest, dialect: Dialect, warn: Warn): void => {
  const { reasoningEffort } = request.parameters
  if (reasoningEffort === undefined) return
  if (dialect.effort === 'reasoning_effort') body.reasoning_effort = reasoningEffort
  else if (dialect.effort === 'enable_thinking') {
    body.enable_thinking = reasoningEffort !== 'none'
    if (reasoningEffort !== 'none') warn('provider.option-changed', { option: 'reasoningEffort', to: 'on' })
  } else warn('provider.option-ignored', { option: 'reasoningEffort' })
}

/** The body of `POST /chat/completions`. What the dialect does not know is left out, with a warning. */
export const requestBody = (request: ChatRequest, dialect: Dialect, warn: Warn): JsonRecord => {
  const { parameters } = request
  const body: JsonRecord = {
    // First, so that what is named here cannot be overwritten.
    ...request.extra,
    model: request.model,
    messages: request.messages.map((message) => messageBody(message, dialect)),
    stream: true,
  }
  if (dialect.streamUsage) body.stream_options = { include_usage: true }
  if (parameters.temperature !== undefined) body.temperature = parameters.temperature
  if (parameters.topP !== undefined) body.top_p = parameters.topP
  if (parameters.maxTokens !== undefined) body[dialect.maxTokens] = parameters.maxTokens
  if (parameters.stop?.length) body.stop = parameters.stop
  if (parameters.seed !== undefined) {
    if (dialect.seed) body.seed = parameters.seed
    else warn('provider.option-ignored', { option: 'seed' })
  }
  addEffort(body, request, dialect, warn)
  addTools(body, request, dialect, warn)
  if (request.responseFormat) body.response_format = formatOf(request.responseFormat)
  return body
}
