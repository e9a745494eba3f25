import type { NumberedStreamEvent, StreamEvent } from '@anneal/contract'
import { completionId, finishReasonOf } from './chat-reply.ts'

/**
 * Puts an answer's events into OpenAI's chunks, as the bytes of server-sent events. What is equal in every chunk is
 * made once. What was shown as answer and turns out to be reasoning cannot be said there, and is not.
 */
export class ChunkWriter {
  private readonly head: string
  private readonly usagePlace: string
  private readonly tools = new Map<string, number>()

  constructor(facts: { id: string; startedAt: number; model: string; includeUsage: boolean }) {
    const created = Math.floor(facts.startedAt / 1000)
    const id = completionId(facts.id)
    this.head = `data: {"id":${JSON.stringify(id)},"object":"chat.completion.chunk","created":${created},"model":${JSON.stringify(facts.model)},`
    this.usagePlace = facts.includeUsage ? ',"usage":null' : ''
  }

  /** The first chunk, which says who speaks. */
  opening(): string {
    return this.chunk('{"role":"assistant","content":"","refusal":null}', null)
  }

  write(events: readonly NumberedStreamEvent[]): string {
    let text = ''
    for (const { event } of events) text += this.one(event)
    return text
  }

  /** Asked for by `stream_options.include_usage`; no choices, as OpenAI sends it. */
  usage(usage: unknown): string {
    return `${this.head}"choices":[],"usage":${JSON.stringify(usage)}}\n\n`
  }

  private one(event: StreamEvent): string {
    switch (event.type) {
      case 'text-delta':
        return this.chunk(`{"content":${JSON.stringify(event.text)}}`, null)
      case 'reasoning-delta':
        return this.chunk(`{"reasoning_content":${JSON.stringify(event.text)}}`, null)
      case 'tool-call-start':
        return this.toolStart(event.id, event.name)
      case 'tool-call-delta': {
        const call = { index: this.tools.get(event.id) ?? 0, function: { arguments: event.text } }
        return this.chunk(JSON.stringify({ tool_calls: [call] }), null)
      }
      case 'finish':
        return event.reason === 'error' ? '' : this.chunk('{}', finishReasonOf(event.reason))
      default:
        return ''
    }
  }

  private toolStart(id: string, name: string): string {
    const index = this.tools.size
    this.tools.set(id, index)
    const call = { index, id, type: 'function', function: { name, arguments: '' } }
    return this.chunk(JSON.stringify({ tool_calls: [call] }), null)
  }

  private chunk(delta: string, finishReason: string | null): string {
    const reason = finishReason === null ? 'null' : `"${finishReason}"`
    return `${this.head}"choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${reason}}]${this.usagePlace}}\n\n`
  }
}
