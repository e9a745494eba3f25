import type { RouteHandlerInput } from '@anneal/contract'
import type {
  ChatMessage,
  ChatParameters,
  ContentPart,
  ResponseFormat,
  Tool,
  ToolChoice,
} from '@anneal/providers'
import { AppError } from '../../platform/errors.ts'

export type ChatBody = RouteHandlerInput<'gateway.chat'>['body']
type BodyMessage = ChatBody['messages'][number]

/** Names of what this gateway itself reads; all else is handed to the provider, or named as left out. */
const read = new Set([
  'model',
  'messages',
  'stream',
  'stream_options',
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'stop',
  'seed',
  'n',
  'reasoning_effort',
  'tools',
  'tool_choice',
  'response_format',
  'anneal_prompt',
])

/** What says something to OpenAI's own servers alone, so that leaving it out changes no answer. */
const quiet = new Set(['user', 'metadata', 'store', 'safety_identifier', 'prompt_cache_key', 'service_tier'])

/** What cannot come back in the reply: the gateway puts every provider's answer into the same shape. */
const unanswerable = new Set([
  'logprobs',
  'top_logprobs',
  'audio',
  'modalities',
  'functions',
  'function_call',
])

function textOf(content: string | readonly { text: string }[]): string {
  return typeof content === 'string' ? content : content.map((part) => part.text).join('\n')
}

const dataUrl = /^data:(image\/[\w.+-]+);base64,([A-Za-z0-9+/_=-]+)$/

function imageOf({ url, detail }: { url: string; detail?: string | undefined }): ContentPart {
  const [, mediaType, data] = dataUrl.exec(url) ?? []
  if (mediaType && data) return { type: 'image', mediaType, data }
  if (/^https?:\/\/\S+$/i.test(url)) return { type: 'image-url', url, ...(detail ? { detail } : {}) }
  throw new AppError('gateway.bad-image')
}

function contentOf(content: Extract<BodyMessage, { role: 'user' }>['content']): string | ContentPart[] {
  if (typeof content === 'string') return content
  return content.map((part) =>
    part.type === 'text' ? { type: 'text', text: part.text } : imageOf(part.image_url),
  )
}

function assistantOf(message: Extract<BodyMessage, { role: 'assistant' }>): ChatMessage {
  const { content, tool_calls: calls, reasoning_content: reasoning } = message
  const text =
    typeof content === 'string'
      ? content
      : (content ?? []).map((part) => (part.type === 'text' ? part.text : part.refusal)).join('')
  return {
    role: 'assistant',
    content: text,
    ...(reasoning ? { reasoning: [{ text: reasoning }] } : {}),
    ...(calls?.length
      ? {
          toolCalls: calls.map((call) => ({
            id: call.id,
            name: call.function.name,
            arguments: call.function.arguments,
          })),
        }
      : {}),
  }
}

/** A tool's answer names its call by id; some providers want the tool's name too. */
function toolNames(messages: readonly BodyMessage[]): Map<string, string> {
  const calls = messages.flatMap((message) =>
    message.role === 'assistant' ? (message.tool_calls ?? []) : [],
  )
  return new Map(calls.map((call) => [call.id, call.function.name]))
}

export function messagesOf(messages: readonly BodyMessage[]): ChatMessage[] {
  const names = toolNames(messages)
  return messages.map((message): ChatMessage => {
    switch (message.role) {
      case 'system':
      case 'developer':
        return { role: 'system', content: textOf(message.content) }
      case 'user':
        return { role: 'user', content: contentOf(message.content) }
      case 'assistant':
        return assistantOf(message)
      case 'tool': {
        const toolName = names.get(message.tool_call_id)
        return {
          role: 'tool',
          content: textOf(message.content),
          toolCallId: message.tool_call_id,
          ...(toolName === undefined ? {} : { toolName }),
        }
      }
    }
  })
}

const efforts = {
  none: 'none',
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
} as const

export function parametersOf(body: ChatBody): ChatParameters {
  const maxTokens = body.max_completion_tokens ?? body.max_tokens
  const stop = typeof body.stop === 'string' ? [body.stop] : body.stop
  return {
    ...(body.temperature == null ? {} : { temperature: body.temperature }),
    ...(body.top_p == null ? {} : { topP: body.top_p }),
    ...(maxTokens == null ? {} : { maxTokens }),
    ...(stop?.length ? { stop } : {}),
    ...(body.seed == null ? {} : { seed: body.seed }),
    ...(body.reasoning_effort == null ? {} : { reasoningEffort: efforts[body.reasoning_effort] }),
  }
}

export function toolsOf(body: ChatBody): Tool[] | undefined {
  return body.tools?.map(({ function: { name, description, parameters, strict } }) => ({
    name,
    ...(description ? { description } : {}),
    parameters: parameters ?? { type: 'object', properties: {} },
    ...(strict == null ? {} : { strict }),
  }))
}

export function toolChoiceOf(choice: ChatBody['tool_choice']): ToolChoice | undefined {
  if (choice === null || choice === undefined) return undefined
  return typeof choice === 'string' ? choice : { name: choice.function.name }
}

export function responseFormatOf(format: ChatBody['response_format']): ResponseFormat | undefined {
  switch (format?.type) {
    case 'text':
      return { type: 'text' }
    case 'json_object':
      return { type: 'json-object' }
    case 'json_schema': {
      const { name, schema, description, strict } = format.json_schema
      return {
        type: 'json-schema',
        name,
        schema: schema ?? {},
        ...(description ? { description } : {}),
        ...(strict == null ? {} : { strict }),
      }
    }
    default:
      return undefined
  }
}

/** What the body holds beside all this: for the provider as it stands, and what no provider's answer could carry. */
export function restOf(body: ChatBody): { extra: Record<string, unknown>; ignored: string[] } {
  const extra: Record<string, unknown> = {}
  const ignored: string[] = []
  for (const [name, value] of Object.entries(body)) {
    if (read.has(name) || value === null || value === undefined) continue
    if (unanswerable.has(name)) ignored.push(name)
    else if (!quiet.has(name)) extra[name] = value
  }
  return { extra, ignored }
}
