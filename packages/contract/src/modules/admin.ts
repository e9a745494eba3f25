import { z } from 'zod'
import { route } from '../core/route.ts'
import { id, listOf, page, timestamp, version } from '../core/scalars.ts'

const auditFilter = z.object({
  from: timestamp.optional(),
  to: timestamp.optional(),
  outcome: z.enum(['done', 'refused']).optional(),
  /** The id of a user. */
  actor: z.string().max(60).optional(),
  /** An action, or those that begin with it where it ends in a dot. */
  action: z.string().max(100).optional(),
  target: z.string().max(100).optional(),
  address: z.string().max(64).optional(),
  requestId: z.string().max(100).optional(),
  /** Looks in who, action, what and address. */
  search: z.string().trim().max(200).optional(),
})

export const auditEntry = z.object({
  id,
  at: timestamp,
  actorKind: z.enum(['user', 'key', 'worker', 'system', 'nobody']),
  actorId: z.string().nullable(),
  actorName: z.string().nullable(),
  /** The session or key that it was done with. */
  credentialId: z.string().nullable(),
  action: z.string(),
  outcome: z.enum(['done', 'refused']),
  targetKind: z.string().nullable(),
  targetId: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  address: z.string().nullable(),
  requestId: z.string().nullable(),
  route: z.string().nullable(),
  /** Its place in the chain and the hash that the next one holds; null until it is sealed, within two seconds. */
  number: z.number().int().nullable(),
  hash: z.string().nullable(),
})

/** A setting that holds without a restart. */
export const settingView = z.object({
  key: z.string(),
  value: z.unknown(),
  standard: z.unknown(),
  /** 0 until it is set for the first time. */
  version: z.number().int().min(0),
  updatedAt: timestamp.nullable(),
})

export const adminRoutes = {
  'admin.audit': route({
    method: 'GET',
    path: '/api/v1/audit',
    permission: 'audit.read',
    summary: 'Who did what and when, newest first',
    query: page.extend(auditFilter.shape),
    reply: listOf(auditEntry),
  }),
  'admin.auditFacts': route({
    method: 'GET',
    path: '/api/v1/audit/facts',
    permission: 'audit.read',
    summary: 'How many events a filter holds, and what can be filtered by',
    query: auditFilter,
    reply: z.object({
      events: z.number().int(),
      refused: z.number().int(),
      actions: z.array(z.string()),
      actors: z.array(z.object({ id: z.string(), name: z.string() })),
    }),
  }),
  'admin.exportAudit': route({
    method: 'GET',
    path: '/api/v1/audit/export',
    permission: 'audit.read',
    summary: 'The events of a filter as comma-separated values or lines of JSON, newest first',
    query: auditFilter.extend({ format: z.enum(['csv', 'jsonl']).default('csv') }),
    replyKind: 'file',
  }),
  'admin.verifyAudit': route({
    method: 'POST',
    path: '/api/v1/audit/verify',
    permission: 'audit.read',
    summary: 'Reads the chain from its first event, and finds the first that was changed or taken out',
    reply: z.object({
      events: z.number().int(),
      /** The number of the first that does not fit; null where all do. */
      brokenAt: z.number().int().nullable(),
      head: z.string().nullable(),
      ms: z.number(),
      checkedAt: timestamp,
    }),
  }),
  'admin.settings': route({
    method: 'GET',
    path: '/api/v1/settings',
    permission: 'settings.manage',
    summary: 'Settings that hold without a restart',
    reply: z.object({ items: z.array(settingView) }),
  }),
  'admin.changeSettings': route({
    method: 'PATCH',
    path: '/api/v1/settings',
    permission: 'settings.manage',
    summary: 'Changes settings, all or none; null goes back to the standard',
    body: z.object({
      changes: z
        .array(
          z.object({
            key: z.string().max(100),
            value: z.unknown(),
            /** As read; another one since then answers 409. */
            version: version.or(z.literal(0)),
          }),
        )
        .min(1)
        .max(50),
    }),
    reply: z.object({ items: z.array(settingView) }),
    errors: ['admin.unknown-setting', 'admin.bad-setting', 'platform.stale-version'],
  }),
  'admin.instance': route({
    method: 'GET',
    path: '/api/v1/instance',
    permission: 'signed-in',
    summary: 'What every page of this instance starts from',
    reply: z.object({
      name: z.string(),
      zone: z.string(),
      defaultModelId: id.nullable(),
      defaultPromptId: id.nullable(),
    }),
  }),
}
