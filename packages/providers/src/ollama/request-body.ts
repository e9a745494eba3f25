import type { ChatMessage, ChatRequest, ContentPart } from '../provider.ts'
import { asRecord } from '../json.ts'
import type { JsonRecord } from '../json.ts'
import type { Warn } from '../warnings.ts'

const textOf = (content: string | ContentPart[]): string =>
  typeof content === 'string'
    ? content
    : content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')

const imagesOf = (content: string | ContentPart[]): string[] =>
  typeof content === 'string' ? [] : content.flatMap((part) => (part.type === 'image' ? [part.data] : []))

const parseArguments = (text: string): JsonRecord => {
  try {
    return asRecord(JSON.parse(text)) ?? {}
  } catch {
    return {}
  }
}

const messageBody = (message: ChatMessage): JsonRecord => {
  if (message.role === 'tool') {
    return {
      role: 'tool',
      content: message.content,
      ...(message.toolName && { tool_name: message.toolName }),
    }
  }
  const images = imagesOf(message.content)
  const body: JsonRecord = { role: message.role, content: textOf(message.content) }
  if (images.length > 0) body.images = images
  if (message.role === 'assistant' && message.toolCalls?.length) {
    body.tool_calls = message.toolCalls.map(({ name, arguments: text }) => ({
      function: { name, arguments: parseArguments(text) },
    }))
  }
  return body
}

/** Ollama fetches no images, and calls tools as it sees fit. */
const warnOfRest = (request: ChatRequest, warn: Warn): void => {
  const { toolChoice, messages, extra } = request
  const forced = typeof toolChoice === 'object' || toolChoice === 'required'
  if (forced) warn('provider.option-changed', { option: 'toolChoice', to: 'auto' })
  const linked = messages.some(
    ({ content }) => typeof content !== 'string' && content.some((part) => part.type === 'image-url'),
  )
  if (linked) warn('provider.option-ignored', { option: 'image_url' })
  for (const option of Object.keys(extra ?? {})) warn('provider.option-ignored', { option })
}

/** The body of `POST /api/chat`. Ollama switches thinking on or off; only gpt-oss takes a degree. */
export const requestBody = (request: ChatRequest, warn: Warn): JsonRecord => {
  const { parameters, tools, toolChoice, responseFormat, model } = request
  const { temperature, topP, maxTokens, stop, seed, reasoningEffort } = parameters
  const body: JsonRecord = { model, messages: request.messages.map(messageBody), stream: true }
  const options = {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(maxTokens !== undefined && { num_predict: maxTokens }),
    ...(stop?.length && { stop }),
    ...(seed !== undefined && { seed }),
  }
  if (Object.keys(options).length > 0) body.options = options
  if (reasoningEffort === 'none') body.think = false
  else if (reasoningEffort !== undefined) {
    const graded = model.startsWith('gpt-oss')
    body.think = graded ? reasoningEffort : true
    if (!graded) warn('provider.option-changed', { option: 'reasoningEffort', to: 'on' })
  }
  if (tools?.length && toolChoice !== 'none') {
    body.tools = tools.map((tool) => ({ type: 'function', function: tool }))
  }
  if (responseFormat?.type === 'json-object') body.format = 'json'
  if (responseFormat?.type === 'json-schema') body.format = responseFormat.schema
  warnOfRest(request, warn)
  return body
}
