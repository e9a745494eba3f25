import type { ChatMessage, ChatRequest, ContentPart, ReasoningBlock, ReasoningEffort } from '../provider.ts'
import { asRecord } from '../json.ts'
import type { JsonRecord } from '../json.ts'
import type { Warn } from '../warnings.ts'

/** Anthropic wants a limit; this is used where the caller gives none. */
const DEFAULT_MAX_TOKENS = 8192

const THINKING_BUDGETS: Record<Exclude<ReasoningEffort, 'none'>, number> = {
  low: 1024,
  medium: 4096,
  high: 16_384,
}

const contentBlocks = (content: string | ContentPart[]): JsonRecord[] => {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return content.map((part) =>
    part.type === 'text' ? { ...part } : { type: 'image', source: imageSource(part) },
  )
}

const imageSource = (part: Exclude<ContentPart, { type: 'text' }>): JsonRecord =>
  part.type === 'image'
    ? { type: 'base64', media_type: part.mediaType, data: part.data }
    : { type: 'url', url: part.url }

const choices = { auto: 'auto', none: 'none', required: 'any' } as const

const addTools = (body: JsonRecord, request: ChatRequest, thinking: boolean, warn: Warn): void => {
  const { tools, toolChoice } = request
  if (!tools?.length) return
  body.tools = tools.map(({ name, description, parameters: schema }) => ({
    name,
    ...(description !== undefined && { description }),
    input_schema: schema,
  }))
  if (toolChoice === undefined) return
  const forced = typeof toolChoice !== 'string' || toolChoice === 'required'
  // While it thinks it cannot be made to call a tool.
  if (forced && thinking) return warn('provider.option-changed', { option: 'toolChoice', to: 'auto' })
  body.tool_choice =
    typeof toolChoice === 'string' ? { type: choices[toolChoice] } : { type: 'tool', name: toolChoice.name }
}

const warnOfRest = ({ responseFormat, extra }: ChatRequest, warn: Warn): void => {
  if (responseFormat && responseFormat.type !== 'text') {
    warn('provider.option-ignored', { option: 'responseFormat' })
  }
  for (const option of Object.keys(extra ?? {})) warn('provider.option-ignored', { option })
}

/** Reasoning goes back only with its proof: Anthropic refuses thinking without a signature. */
const thinkingBlocks = (reasoning: ReasoningBlock[]): JsonRecord[] =>
  reasoning.flatMap(({ text, signature, redacted }): JsonRecord[] => {
    if (redacted !== undefined) return [{ type: 'redacted_thinking', data: redacted }]
    return signature === undefined ? [] : [{ type: 'thinking', thinking: text, signature }]
  })

const parseInput = (text: string): JsonRecord => {
  try {
    return asRecord(JSON.parse(text)) ?? {}
  } catch {
    return {}
  }
}

const messageBody = (message: Exclude<ChatMessage, { role: 'system' }>): JsonRecord => {
  if (message.role === 'user') return { role: 'user', content: contentBlocks(message.content) }
  if (message.role === 'tool') {
    const result = { type: 'tool_result', tool_use_id: message.toolCallId, content: message.content }
    return { role: 'user', content: [result] }
  }
  const calls = message.toolCalls ?? []
  const content = [
    ...(calls.length > 0 ? thinkingBlocks(message.reasoning ?? []) : []),
    ...contentBlocks(message.content),
    ...calls.map(({ id, name, arguments: text }) => ({
      type: 'tool_use',
      id,
      name,
      input: parseInput(text),
    })),
  ]
  return { role: 'assistant', content }
}

const addSampling = (body: JsonRecord, request: ChatRequest, thinking: boolean, warn: Warn): void => {
  const { temperature, topP, seed, stop } = request.parameters
  const sampling = { temperature, top_p: topP }
  for (const [name, value] of Object.entries(sampling)) {
    if (value === undefined) continue
    if (thinking) warn('provider.option-ignored', { option: name === 'top_p' ? 'topP' : name })
    else body[name] = value
  }
  if (seed !== undefined) warn('provider.option-ignored', { option: 'seed' })
  if (stop?.length) body.stop_sequences = stop
}

/** The body of `POST /v1/messages`. What Anthropic does not know is left out, with a warning. */
export const requestBody = (request: ChatRequest, warn: Warn): JsonRecord => {
  const { parameters } = request
  const system = request.messages.flatMap((message) => (message.role === 'system' ? [message.content] : []))
  const messages = request.messages.flatMap((message) =>
    message.role === 'system' ? [] : [messageBody(message)],
  )
  const maxTokens = parameters.maxTokens ?? DEFAULT_MAX_TOKENS
  const effort = parameters.reasoningEffort ?? 'none'
  const body: JsonRecord = { model: request.model, max_tokens: maxTokens, messages, stream: true }
  if (system.length > 0) body.system = system.join('\n\n')
  if (effort !== 'none') {
    const budget = THINKING_BUDGETS[effort]
    body.thinking = { type: 'enabled', budget_tokens: budget }
    // The limit counts reasoning too; the caller's is meant for the answer.
    body.max_tokens = maxTokens + budget
  }
  addSampling(body, request, effort !== 'none', warn)
  addTools(body, request, effort !== 'none', warn)
  warnOfRest(request, warn)
  return body
}
