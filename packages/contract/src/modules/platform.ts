import { z } from 'zod'
import { route } from '../core/route.ts'

export const engineState = z.enum(['absent', 'preparing', 'ready', 'failed', 'unavailable'])

export const platformRoutes = {
  'platform.health': route({
    method: 'GET',
    path: '/api/v1/health',
    permission: 'public',
    summary: 'Whether this server, its database and its training engine are well',
    reply: z.object({
      status: z.enum(['ok', 'degraded', 'stopping']),
      version: z.string(),
      database: z.enum(['ok', 'failed']),
      engine: engineState,
    }),
  }),
  'platform.openapi': route({
    method: 'GET',
    path: '/api/v1/openapi.json',
    permission: 'public',
    summary: 'This description, OpenAPI 3.1',
    replyKind: 'text',
  }),
  'platform.events': route({
    method: 'GET',
    path: '/api/v1/events',
    permission: 'signed-in',
    summary: 'Changes as server-sent events; resumes by Last-Event-ID',
    replyKind: 'events',
  }),
}
