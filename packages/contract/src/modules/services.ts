import { z } from 'zod'
import { keyScopes } from '../core/permissions.ts'
import { route } from '../core/route.ts'
import { id, idParams, listOf, name, page, role, timestamp, version } from '../core/scalars.ts'
import { apiKey } from './auth.ts'

/** A user that is no person: it signs in by no way, is kept by a group, and acts by its API keys. */
export const serviceAccount = z.object({
  id,
  name: z.string(),
  role,
  /** Of an own role; null for a built-in one. */
  roleName: z.string().nullable(),
  workspace: z.string(),
  groupId: id,
  groupName: z.string(),
  disabled: z.boolean(),
  /** How many keys of it are alive. */
  keys: z.number().int(),
  version,
  createdAt: timestamp,
  /** What the asker may do with it: `edit` changes it, `keys` makes and ends its keys. */
  may: z.array(z.enum(['edit', 'keys'])),
})

const errors = ['service.account-not-found', 'auth.role-too-high'] as const

export const serviceRoutes = {
  'service.list': route({
    method: 'GET',
    path: '/api/v1/service-accounts',
    permission: 'signed-in',
    summary: 'Service accounts, newest first: all for whoever may read users, else those of one’s own groups',
    query: page,
    reply: listOf(serviceAccount),
  }),
  'service.create': route({
    method: 'POST',
    path: '/api/v1/service-accounts',
    permission: 'users.manage',
    sessionOnly: true,
    summary: 'Makes a service account that a group keeps',
    body: z.object({ name, role, groupId: id }),
    reply: serviceAccount,
    status: 201,
    idempotent: true,
    errors: ['auth.role-too-high', 'auth.role-not-found', 'access.group-not-found'],
  }),
  'service.update': route({
    method: 'PATCH',
    path: '/api/v1/service-accounts/:id',
    permission: 'users.manage',
    sessionOnly: ['role', 'groupId'],
    summary: 'Changes name, role or group, disables or enables; a disabled one’s keys stop at once',
    params: idParams,
    body: z.object({
      version,
      name: name.optional(),
      role: role.optional(),
      groupId: id.optional(),
      disabled: z.boolean().optional(),
    }),
    reply: serviceAccount,
    errors: [...errors, 'auth.role-not-found', 'access.group-not-found', 'platform.stale-version'],
  }),
  'service.listKeys': route({
    method: 'GET',
    path: '/api/v1/service-accounts/:id/keys',
    permission: 'signed-in',
    summary: 'The live keys of a service account, newest first',
    params: idParams,
    query: page,
    reply: listOf(apiKey),
    errors: ['service.account-not-found'],
  }),
  'service.createKey': route({
    method: 'POST',
    path: '/api/v1/service-accounts/:id/keys',
    permission: 'signed-in',
    sessionOnly: true,
    summary: 'Makes a key of a service account, which is shown this once and outlives whoever makes it',
    params: idParams,
    body: z.object({
      name,
      scopes: z
        .array(z.enum(keyScopes))
        .min(1)
        .default([...keyScopes]),
      expiresAt: timestamp.nullable().default(null),
    }),
    reply: apiKey.extend({ key: z.string() }),
    status: 201,
    idempotent: true,
    secretReply: true,
    errors: [...errors, 'service.not-kept'],
  }),
  'service.revokeKey': route({
    method: 'DELETE',
    path: '/api/v1/service-accounts/:id/keys/:keyId',
    permission: 'signed-in',
    summary: 'Ends a key of a service account at once',
    params: z.object({ id, keyId: id }),
    replyKind: 'empty',
    errors: ['service.account-not-found', 'service.not-kept', 'auth.key-not-found'],
  }),
}
