import type { ServerResponse } from 'node:http'
import type { Context } from '../../platform/context.ts'
import { openAiErrorOf } from '../../platform/http/index.ts'
import type { AnswerReader } from './answer-reader.ts'
import { usageOf } from './chat-reply.ts'
import { ChunkWriter } from './chunk-writer.ts'

const heartbeatMs = 15_000
/** A caller that takes nothing for this long is given up. */
const stuckMs = 60_000

interface Streamed {
  response: ServerResponse
  headers: Record<string, string>
  reader: AnswerReader
  model: string
  includeUsage: boolean
}

/**
 * Writes an answer as OpenAI streams it. A slow caller is not pushed: what came meanwhile waits with the answer and is
 * sent when the wire is free.
 */
export function streamAnswer(ctx: Context, streamed: Streamed): Promise<void> {
  const { response, headers, reader, model, includeUsage } = streamed
  const { live } = reader
  const writer = new ChunkWriter({ id: live.id, startedAt: live.startedAt, model, includeUsage })
  const { promise, resolve } = Promise.withResolvers<void>()
  let sent = 0
  let stuck: NodeJS.Timeout | null = null

  const write = (text: string): void => {
    if (response.write(text) || stuck) return
    stuck = setTimeout(() => response.destroy(), stuckMs)
    response.once('drain', () => {
      if (stuck) clearTimeout(stuck)
      stuck = null
      more()
    })
  }
  const ending = (): string => {
    if (reader.failed) {
      const { error } = openAiErrorOf(reader.failure(), ctx.language, ctx.requestId)
      return `data: ${JSON.stringify({ error })}\n\n`
    }
    const usage = includeUsage ? writer.usage(usageOf(live.meter(live.endedAt ?? live.startedAt))) : ''
    return `${usage}data: [DONE]\n\n`
  }
  function more(): void {
    if (stuck || response.destroyed) return
    const fresh = live.events.slice(sent)
    sent += fresh.length
    const text = writer.write(fresh)
    if (reader.isDone) {
      clearInterval(heartbeat)
      stuck = setTimeout(() => response.destroy(), stuckMs)
      response.end(text + ending())
    } else if (text !== '') write(text)
  }

  response.once('close', () => {
    clearInterval(heartbeat)
    if (stuck) clearTimeout(stuck)
    resolve()
  })
  const heartbeat = setInterval(() => {
    if (!stuck) write(': waiting\n\n')
  }, heartbeatMs)
  if (response.destroyed) {
    clearInterval(heartbeat)
    return Promise.resolve()
  }
  response.on('error', () => response.destroy())
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  })
  write(writer.opening())
  reader.onMore(more)
  more()
  return promise
}
