import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Dialect } from './problem.ts'
import type { Log } from '../log/index.ts'

const slowMs = 1000

/** One line for a refusal, an error, a write or a slow request; none for what only reads, or has a row of the ledger. */
export function logRequest(log: Log, request: FastifyRequest, reply: FastifyReply): void {
  const { method } = request
  const status = reply.statusCode
  const { dialect } = request.routeOptions.config as { dialect?: Dialect }
  const isRead = method === 'GET' || method === 'HEAD' || dialect === 'openai'
  const took = reply.elapsedTime
  if (isRead && status < 400 && took < slowMs) return
  const [path = ''] = request.url.split('?', 1)
  const fields = { method, path, status, ms: Math.round(took), requestId: request.id, address: request.ip }
  if (status >= 500) log.error('request', fields)
  else if (status >= 400) log.warn('request', fields)
  else log.info('request', fields)
}
