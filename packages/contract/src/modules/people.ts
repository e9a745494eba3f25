import { z } from 'zod'
import { accessKinds } from '../core/permissions.ts'
import { route } from '../core/route.ts'
import { id, idParams, largestInt } from '../core/scalars.ts'

export const owned = z.object({
  /** What can be handed over or removed, by kind; kinds of which there is none are left out. */
  shared: z.array(z.object({ kind: z.enum(accessKinds), count: z.number().int() })),
  /** Conversations and comparisons: they always go with their owner. */
  personal: z.number().int(),
  keys: z.number().int(),
  sessions: z.number().int(),
})

export const fate = {
  owned: z.enum(['hand-over', 'remove']),
  /** Who gets it, where it is handed over. */
  to: id.optional(),
}

export const deletion = z.object({
  state: z.enum(['running', 'done', 'failed']),
  done: z.number().int(),
  total: z.number().int(),
  /** What could not be removed, such as a run that still trains: it was handed to whoever deleted the user. */
  kept: z.number().int(),
})

const deletionRoutes = {
  'people.owned': route({
    method: 'GET',
    path: '/api/v1/users/:id/owned',
    permission: 'users.manage',
    summary: 'How many of each kind a user owns, before they are deleted',
    params: idParams,
    reply: owned,
    errors: ['auth.account-not-found'],
  }),
  'people.deleteUser': route({
    method: 'DELETE',
    path: '/api/v1/users/:id',
    permission: 'users.manage',
    sessionOnly: true,
    summary: 'Deletes a user for good; what they own is handed over or removed by a job',
    params: idParams,
    query: z.object({ version: z.coerce.number().int().min(1).max(largestInt), ...fate }),
    reply: deletion,
    status: 202,
    errors: [
      'auth.account-not-found',
      'auth.user-not-found',
      'auth.role-too-high',
      'auth.last-administrator',
      'people.delete-self',
      'people.heir-needed',
      'access.owner-cannot',
      'platform.stale-version',
    ],
  }),
  'people.deletion': route({
    method: 'GET',
    path: '/api/v1/users/:id/deletion',
    permission: 'users.manage',
    summary: 'How far the deletion of a user has come',
    params: idParams,
    reply: deletion,
    errors: ['auth.account-not-found'],
  }),
}

export const importRow = z.object({
  /** Of the file, from 1. */
  line: z.number().int(),
  email: z.string(),
  name: z.string(),
  role: z.string(),
  groups: z.array(z.string()),
  action: z.enum(['invite', 'update', 'none']),
  /** Codes of the catalogue under `people.row`. */
  faults: z.array(
    z.object({
      code: z.enum([
        'mail-missing',
        'mail-bad',
        'name-too-long',
        'role-unknown',
        'role-too-high',
        'group-unknown',
        'duplicate',
        'exists',
        'invited',
      ]),
      value: z.string(),
    }),
  ),
})

const csvBody = z.object({
  csv: z.string().min(1).max(4_000_000),
  /** Whoever is here already gets the role, name and groups of their line. */
  update: z.boolean().default(false),
})

const importState = z.object({
  id,
  state: z.enum(['running', 'done', 'failed']),
  total: z.number().int(),
  done: z.number().int(),
  invited: z.number().int(),
  updated: z.number().int(),
  refused: z.number().int(),
  /** Whether invitations went by mail; where not, their links are in the results. */
  mailed: z.boolean(),
  /** The results with their links can be taken once. */
  taken: z.boolean(),
})

const importRoutes = {
  'people.checkImport': route({
    method: 'POST',
    path: '/api/v1/users/import/check',
    permission: 'users.manage',
    sessionOnly: true,
    bodyLimit: 8_000_000,
    summary: 'What a CSV of people would do, line by line; nothing is written',
    body: csvBody,
    reply: z.object({
      total: z.number().int(),
      invite: z.number().int(),
      update: z.number().int(),
      faulty: z.number().int(),
      /** Lines with faults first, 500 at most. */
      rows: z.array(importRow),
    }),
    errors: ['people.csv-empty', 'people.csv-columns', 'people.csv-too-long', 'people.csv-broken'],
  }),
  'people.startImport': route({
    method: 'POST',
    path: '/api/v1/users/import',
    permission: 'users.manage',
    sessionOnly: true,
    bodyLimit: 8_000_000,
    summary: 'Invites or updates everyone of a CSV whose line has no fault, by a job',
    body: csvBody,
    reply: importState,
    status: 202,
    idempotent: true,
    errors: ['people.csv-empty', 'people.csv-columns', 'people.csv-too-long', 'people.csv-broken'],
  }),
  'people.getImport': route({
    method: 'GET',
    path: '/api/v1/users/import/:id',
    permission: 'users.manage',
    summary: 'How far an import has come',
    params: idParams,
    reply: importState,
    errors: ['people.import-not-found'],
  }),
  'people.takeImportResults': route({
    method: 'POST',
    path: '/api/v1/users/import/:id/results',
    permission: 'users.manage',
    sessionOnly: true,
    summary: 'The results of an import as CSV, with the links of its invitations; once',
    params: idParams,
    replyKind: 'text',
    errors: ['people.import-not-found', 'people.results-taken'],
  }),
  'people.restoreInvitation': route({
    method: 'POST',
    path: '/api/v1/invitations/:id/restore',
    permission: 'users.manage',
    sessionOnly: true,
    summary: 'Undoes the withdrawal of an invitation: its link works again',
    params: idParams,
    replyKind: 'empty',
    errors: ['auth.invitation-not-found', 'auth.already-invited', 'auth.email-taken', 'auth.role-too-high'],
  }),
}

/** People as a whole: import, deletion. */
export const peopleRoutes = { ...deletionRoutes, ...importRoutes }
