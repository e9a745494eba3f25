import type { StreamEvent } from '@anneal/contract'
import type { ChatRequest, ProviderKind, StreamContext } from '../provider.ts'
import { providers } from '../providers.ts'
import { nodeTransport } from './node-transport.ts'

/** Adjacent deltas of one block as one, so that what was cut differently can be compared. */
export const mergeDeltas = (events: StreamEvent[]): StreamEvent[] => {
  const result: StreamEvent[] = []
  for (const event of events) {
    const last = result.at(-1)
    const same = last !== undefined && 'text' in last && 'text' in event && last.type === event.type
    if (same && !('id' in last && 'id' in event && last.id !== event.id)) {
      result[result.length - 1] = { ...last, text: last.text + event.text }
    } else result.push(event)
  }
  return result
}

export interface Collected {
  events: StreamEvent[]
  /** What `stream` rejected with. */
  error: unknown
}

/** Runs one chat to its end and keeps all that was emitted, deltas merged and durations set to 0. */
export const collect = async (
  kind: ProviderKind,
  request: Partial<ChatRequest> & Pick<ChatRequest, 'connection'>,
  context: Partial<StreamContext> = {},
): Promise<Collected> => {
  const events: StreamEvent[] = []
  let error: unknown
  const chat: ChatRequest = {
    model: 'stand-in',
    messages: [{ role: 'user', content: 'Hello' }],
    parameters: {},
    reasoningProfile: 'at-start',
    ...request,
  }
  try {
    await providers[kind].stream(chat, {
      transport: nodeTransport,
      signal: new AbortController().signal,
      firstTokenTimeoutMs: 5000,
      idleTimeoutMs: 5000,
      now: () => 0,
      ...context,
      emit: (event) => {
        events.push(event)
        context.emit?.(event)
      },
    })
  } catch (caught) {
    error = caught
  }
  return { events: mergeDeltas(events), error }
}
