import { z } from 'zod'
import { accessKinds, resourceActions } from '../core/permissions.ts'
import { route } from '../core/route.ts'
import { id, listOf, page, role, timestamp, version, visibility } from '../core/scalars.ts'
import { subject } from './groups.ts'

const kind = z.enum(accessKinds)
const action = z.enum(resourceActions)
const params = z.object({ kind, id })

/** Who has access to one resource, and why. */
export const access = z.object({
  kind,
  id,
  name: z.string(),
  owner: z.object({ id, name: z.string(), email: z.string() }),
  visibility,
  /** All of them for whoever manages the resource, else those that reach the asker. */
  grants: z.array(z.object({ subject, action })),
  /** Roles that reach it by a permission of theirs. */
  roles: z.array(z.object({ id: role, name: z.string().nullable(), action })),
  /** What it shares its access with: it is changed there. */
  follows: z.object({ kind, id, name: z.string() }).nullable(),
  /** What grants may give: a conversation is never changed by others. */
  actions: z.array(action),
  may: z.array(action),
  mayHandOver: z.boolean(),
  version,
})

const grants = z
  .array(
    z.object({
      subject: z.object({ kind: z.enum(['user', 'group']), id }),
      action,
    }),
  )
  .max(200)

const reading = z.object({
  id,
  by: z.string(),
  reason: z.string(),
  at: timestamp,
})

export const accessRoutes = {
  'access.getAccess': route({
    method: 'GET',
    path: '/api/v1/access/:kind/:id',
    permission: 'signed-in',
    summary: 'Who has access to a resource and why',
    params,
    reply: access,
    errors: ['access.resource-not-found'],
  }),
  'access.setAccess': route({
    method: 'PUT',
    path: '/api/v1/access/:kind/:id',
    permission: 'signed-in',
    summary: 'Says who has access to a resource; needs `manage`',
    params,
    body: z.object({ version, visibility, grants }),
    reply: access,
    errors: [
      'access.resource-not-found',
      'access.subject-not-found',
      'access.follows',
      'access.read-only',
      'platform.stale-version',
    ],
  }),
  'access.handOver': route({
    method: 'POST',
    path: '/api/v1/access/:kind/:id/owner',
    permission: 'signed-in',
    summary: 'Gives a resource to another owner; its owner and whoever may reach all may do so',
    params,
    body: z.object({ version, ownerId: id, /** What the one who gives it keeps. */ keep: action.nullable() }),
    reply: access.nullable(),
    errors: [
      'access.resource-not-found',
      'auth.user-not-found',
      'access.follows',
      'access.read-only',
      'access.owner-cannot',
      'platform.stale-version',
    ],
  }),
  'access.openOthers': route({
    method: 'POST',
    path: '/api/v1/access/:kind/:id/readings',
    permission: 'conversations.others',
    sessionOnly: true,
    summary: "Opens another's conversation or comparison for reading, with a reason that its owner is told",
    params,
    body: z.object({ reason: z.string().trim().min(3).max(500) }),
    reply: z.object({ /** Until when it can be read. */ until: timestamp }),
    errors: ['access.resource-not-found', 'access.others-closed'],
  }),
  'access.listReadings': route({
    method: 'GET',
    path: '/api/v1/access/:kind/:id/readings',
    permission: 'signed-in',
    summary: 'Who opened a conversation or comparison of yours for reading, newest first',
    params,
    query: page,
    reply: listOf(reading),
    errors: ['access.resource-not-found'],
  }),
}
