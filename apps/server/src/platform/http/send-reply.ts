import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { JsonReply, OpenReply, PreparedReply } from './replies.ts'
import type { EventsReply, FileReply, RedirectReply, TextReply } from './replies.ts'
import type { RouteServices, ServedRoute } from './serve-route.ts'
import { openEventStream } from './sse.ts'

const json = 'application/json; charset=utf-8'

function sendJson(result: unknown, route: ServedRoute, reply: FastifyReply): FastifyReply {
  const status = result instanceof JsonReply ? result.status : (route.definition.status ?? 200)
  const value: unknown = result instanceof JsonReply ? result.value : result
  const wrong = route.checkReply?.(value) ?? null
  if (wrong) {
    const cause = new TypeError(`the reply of ${route.name} does not fit its schema: ${wrong}`)
    throw new AppError('platform.internal', {}, { cause })
  }
  return reply
    .code(status)
    .header('content-type', json)
    .send(JSON.stringify(value) ?? 'null')
}

/** RFC 6266, with a plain name for old readers. */
function disposition(name: string): string {
  const plain = name.replace(/[^\w .()-]/g, '_')
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`
}

function sendFile(file: FileReply, reply: FastifyReply): FastifyReply {
  reply.header('content-type', file.type)
  if (file.range) {
    const { start, end } = file.range
    reply.code(206).header('content-range', `bytes ${start}-${end}/${file.size ?? '*'}`)
    reply.header('content-length', end - start + 1)
  } else if (file.size !== undefined) reply.header('content-length', file.size)
  if (file.name !== undefined) reply.header('content-disposition', disposition(file.name))
  return reply.send(file.stream)
}

async function sendEvents(
  events: EventsReply,
  services: RouteServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  reply.hijack()
  const stopping = new AbortController()
  const stream = openEventStream(reply.raw, headersOf(reply))
  services.streams.add(stopping)
  try {
    await events.run(stream.send, AbortSignal.any([stream.signal, stopping.signal]))
  } catch (error) {
    if (!stream.signal.aborted) {
      services.platform.log.error('an event stream broke off', { error, requestId: request.id })
    }
  } finally {
    services.streams.delete(stopping)
    stream.end()
  }
  return reply
}

/** A reply that breaks off is its reader's loss; what broke it is for the log. */
async function sendOpen(
  result: OpenReply,
  services: RouteServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  reply.hijack()
  try {
    await result.run(reply.raw, headersOf(reply))
  } catch (error) {
    services.platform.log.error('a reply broke off', { error, requestId: request.id })
  } finally {
    if (!reply.raw.writableEnded) reply.raw.destroy()
  }
  return reply
}

function headersOf(reply: FastifyReply): Record<string, string> {
  const entries = Object.entries(reply.getHeaders())
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

/** Sends what a handler returned, in the way that its route declares. */
export async function sendReply(
  result: unknown,
  route: ServedRoute,
  services: RouteServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  switch (route.definition.replyKind) {
    case 'empty':
      return reply.code(route.definition.status ?? 204).send()
    case 'text': {
      const { text, type, status } = result as TextReply
      return reply.code(status).header('content-type', type).send(text)
    }
    case 'redirect':
      return reply.redirect((result as RedirectReply).url, route.definition.status ?? 302)
    case 'file':
      return sendFile(result as FileReply, reply)
    case 'events':
      return sendEvents(result as EventsReply, services, request, reply)
    default:
      if (result instanceof OpenReply) return sendOpen(result, services, request, reply)
      if (result instanceof PreparedReply) {
        const { buffer, byteOffset, byteLength } = result.json
        return reply
          .code(route.definition.status ?? 200)
          .header('content-type', json)
          .send(Buffer.from(buffer, byteOffset, byteLength))
      }
      return sendJson(result, route, reply)
  }
}
