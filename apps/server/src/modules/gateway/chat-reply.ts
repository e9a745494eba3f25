import type { RouteReply } from '@anneal/contract'
import type { LiveGeneration, Meter, StoredPart } from '../generations/index.ts'

type ChatCompletion = RouteReply<'gateway.chat'>
type FinishReason = ChatCompletion['choices'][number]['finish_reason']

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
}

/** OpenAI's word for why an answer ended. */
export function finishReasonOf(reason: string | null): FinishReason {
  return finishReasons[reason ?? ''] ?? 'stop'
}

/** Null where the provider counts nothing: no figure is better than a wrong one. */
export function usageOf(meter: Meter): ChatCompletion['usage'] {
  const { inputTokens, outputTokens } = meter
  if (inputTokens === null && outputTokens === null) return null
  return {
    prompt_tokens: inputTokens ?? 0,
    completion_tokens: outputTokens ?? 0,
    total_tokens: (inputTokens ?? 0) + (outputTokens ?? 0),
    prompt_tokens_details: { cached_tokens: meter.cachedInputTokens ?? 0 },
    completion_tokens_details: { reasoning_tokens: meter.reasoningTokens ?? 0 },
  }
}

export const completionId = (id: string): string => `chatcmpl-${id}`

const joined = (parts: readonly StoredPart[], type: 'text' | 'reasoning'): string =>
  parts.map((part) => (part.type === type ? part.text : '')).join('')

function messageOf(parts: readonly StoredPart[]): ChatCompletion['choices'][number]['message'] {
  const reasoning = joined(parts, 'reasoning')
  const calls = parts.filter((part) => part.type === 'tool-call')
  const text = joined(parts, 'text')
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map((call) => ({
            id: call.callId,
            type: 'function' as const,
            function: { name: call.name, arguments: call.arguments },
          })),
        }),
  }
}

/** A whole answer in OpenAI's shape. */
export function completionOf(live: LiveGeneration, model: string): ChatCompletion {
  return {
    id: completionId(live.id),
    object: 'chat.completion',
    created: Math.floor(live.startedAt / 1000),
    model,
    choices: [
      {
        index: 0,
        message: messageOf(live.parts()),
        logprobs: null,
        finish_reason: finishReasonOf(live.finishReason),
      },
    ],
    usage: usageOf(live.meter(live.endedAt ?? live.startedAt)),
  }
}
