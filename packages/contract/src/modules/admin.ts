import { z } from 'zod'
import { route } from '../core/route.ts'
import { id, listOf, page, timestamp } from '../core/scalars.ts'

export const adminRoutes = {
  'admin.audit': route({
    method: 'GET',
    path: '/api/v1/audit',
    permission: 'audit.read',
    summary: 'Who did what and when, newest first',
    query: page,
    reply: listOf(
      z.object({
        id,
        at: timestamp,
        actorKind: z.enum(['user', 'key', 'worker', 'system', 'nobody']),
        actorId: z.string().nullable(),
        actorName: z.string().nullable(),
        action: z.string(),
        outcome: z.enum(['done', 'refused']),
        targetKind: z.string().nullable(),
        targetId: z.string().nullable(),
        details: z.record(z.string(), z.unknown()),
        address: z.string().nullable(),
        requestId: z.string().nullable(),
      }),
    ),
  }),
}
