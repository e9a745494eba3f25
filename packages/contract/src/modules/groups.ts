import { z } from 'zod'
import { route } from '../core/route.ts'
import { id, idParams, largestInt, listOf, name, page, timestamp, version } from '../core/scalars.ts'

const description = z.string().trim().max(500)

/** People who are given access together. */
export const group = z.object({
  id,
  name: z.string(),
  description: z.string(),
  workspace: z.string(),
  /** How many people are in it. */
  members: z.number().int(),
  version,
  createdAt: timestamp,
  updatedAt: timestamp,
  /** What the asker may do with it: `edit` changes name and description, `members` says who is in it. */
  may: z.array(z.enum(['edit', 'members'])),
})

const member = z.object({
  userId: id,
  name: z.string(),
  email: z.string(),
  disabled: z.boolean(),
  /** May add and remove members without being allowed to manage groups. */
  manages: z.boolean(),
})

/** What a chooser tells of someone or of a group: no more than is needed to tell them apart. */
export const subject = z.object({
  kind: z.enum(['user', 'group']),
  id,
  name: z.string(),
  /** Of a person. */
  email: z.string().nullable(),
  /** Of a group. */
  members: z.number().int().nullable(),
})

const versionQuery = z.object({ version: z.coerce.number().int().min(1).max(largestInt) })

export const groupRoutes = {
  'access.listGroups': route({
    method: 'GET',
    path: '/api/v1/groups',
    permission: 'signed-in',
    summary: 'Groups by name: all for whoever may read users, else those that one is in',
    query: z.object({
      search: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(100),
      cursor: z.string().max(1000).optional(),
    }),
    reply: listOf(group).extend({ total: z.number().int() }),
  }),
  'access.getGroup': route({
    method: 'GET',
    path: '/api/v1/groups/:id',
    permission: 'signed-in',
    summary: 'A group; only its members and whoever may read users know of it',
    params: idParams,
    reply: group,
    errors: ['access.group-not-found'],
  }),
  'access.createGroup': route({
    method: 'POST',
    path: '/api/v1/groups',
    permission: 'groups.manage',
    summary: 'Makes a group with a workspace name of its own',
    body: z.object({ name, description: description.default('') }),
    reply: group,
    status: 201,
    idempotent: true,
    errors: ['access.group-name-taken'],
  }),
  'access.updateGroup': route({
    method: 'PATCH',
    path: '/api/v1/groups/:id',
    permission: 'groups.manage',
    summary: 'Renames or describes a group; its workspace name stays',
    params: idParams,
    body: z.object({ version, name: name.optional(), description: description.optional() }),
    reply: group,
    errors: ['access.group-not-found', 'access.group-name-taken', 'platform.stale-version'],
  }),
  'access.deleteGroup': route({
    method: 'DELETE',
    path: '/api/v1/groups/:id',
    permission: 'groups.manage',
    summary: 'Deletes a group; what its members had through it they have no more, until it is restored',
    params: idParams,
    query: versionQuery,
    replyKind: 'empty',
    errors: ['access.group-not-found', 'platform.stale-version'],
  }),
  'access.restoreGroup': route({
    method: 'POST',
    path: '/api/v1/groups/:id/restore',
    permission: 'groups.manage',
    summary: 'Takes back the deletion of a group, with its members and what they have through it',
    params: idParams,
    reply: group,
    errors: ['access.group-not-found', 'access.group-name-taken'],
  }),
  'access.listGroupMembers': route({
    method: 'GET',
    path: '/api/v1/groups/:id/members',
    permission: 'signed-in',
    summary: 'Who is in a group, by the order in which they joined the instance',
    params: idParams,
    query: page.extend({ search: z.string().max(200).optional() }),
    reply: listOf(member),
    errors: ['access.group-not-found'],
  }),
  'access.changeGroupMembers': route({
    method: 'POST',
    path: '/api/v1/groups/:id/members',
    permission: 'signed-in',
    summary: 'Adds and removes members; binds at once on all servers. Only who manages groups names managers',
    params: idParams,
    body: z.object({
      /** Whoever is in it already stays; `manages` sets whether they look after its members. */
      add: z
        .array(z.object({ userId: id, manages: z.boolean().optional() }))
        .max(500)
        .default([]),
      remove: z.array(id).max(500).default([]),
    }),
    reply: group,
    errors: ['access.group-not-found', 'auth.user-not-found'],
  }),
  'access.listSubjects': route({
    method: 'GET',
    path: '/api/v1/subjects',
    permission: 'signed-in',
    summary: 'People and groups by name, for choosing whom to share with',
    query: z.object({
      search: z.string().max(200).default(''),
      kind: z.enum(['user', 'group']).optional(),
      limit: z.coerce.number().int().min(1).max(50).default(20),
    }),
    reply: z.object({ items: z.array(subject) }),
  }),
}
