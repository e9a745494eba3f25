import { z } from 'zod'
import { route } from '../core/route.ts'
import { email, id, idParams, listOf, name, page, role, timestamp, version } from '../core/scalars.ts'
import { letIn, password } from './auth.ts'

export const user = z.object({
  id,
  email: z.string(),
  name: z.string(),
  role,
  /** Of an own role; null for a built-in one. */
  roleName: z.string().nullable(),
  workspace: z.string(),
  disabled: z.boolean(),
  version,
  createdAt: timestamp,
  lastSeenAt: timestamp.nullable(),
})

const session = z.object({
  id,
  /** The one that asks. */
  current: z.boolean(),
  /** Null where the client did not say; `program`: no browser. */
  browser: z.string().nullable(),
  system: z.string().nullable(),
  kind: z.enum(['computer', 'phone', 'program']),
  /** How it was signed in; null for one that began before this was kept. */
  way: z.enum(['password', 'passkey', 'link', 'oidc']).nullable(),
  /** The second factor that was given, if any. */
  factor: z.enum(['totp', 'passkey', 'recovery-code']).nullable(),
  address: z.string().nullable(),
  startedAt: timestamp,
  lastSeenAt: timestamp,
})

const invitation = z.object({
  id,
  email: z.string(),
  name: z.string().nullable(),
  role,
  roleName: z.string().nullable(),
  invitedBy: z.string(),
  createdAt: timestamp,
  expiresAt: timestamp,
})

/** A user as a list shows them. */
const listedUser = user.extend({
  /** `service`: no person, acts by its keys alone. */
  kind: z.enum(['person', 'service']),
  avatar: z.string().nullable(),
  groups: z.array(z.object({ id, name: z.string() })),
  factor: z.enum(['none', 'totp', 'passkey', 'both']),
  /** The role asks for a second factor and there is none. */
  factorMissing: z.boolean(),
})

/** The link in full, with its secret behind the `#`: it is shown this once. */
const withLink = { link: z.string() }
/** The link goes by mail as well; it is shown all the same. */
const sendMail = z.boolean().optional()
const token = z.string().min(20).max(200)
const linkErrors = [
  'auth.link-unknown',
  'auth.link-used',
  'auth.link-withdrawn',
  'auth.link-too-old',
] as const
const passwordErrors = ['auth.password-too-short', 'auth.password-common'] as const

const peopleRoutes = {
  'auth.createUser': route({
    method: 'POST',
    path: '/api/v1/users',
    permission: 'users.manage',
    sessionOnly: true,
    summary: 'Makes a user',
    body: z.object({ email, name: name.optional(), role, password }),
    reply: user,
    status: 201,
    idempotent: true,
    errors: ['auth.email-taken', 'auth.role-too-high'],
  }),
  'auth.listUsers': route({
    method: 'GET',
    path: '/api/v1/users',
    permission: 'users.read',
    summary: 'Users in the order asked for; `total` counts those that the filters leave',
    query: page.extend({
      /** Anywhere in the name or the address. */
      search: z.string().max(200).optional(),
      role: role.optional(),
      state: z.enum(['active', 'disabled']).optional(),
      group: id.optional(),
      factor: z.enum(['on', 'off']).optional(),
      sort: z.enum(['name', 'role', 'seen', 'created']).default('created'),
      /** Where absent, names and roles rise and times fall. */
      order: z.enum(['asc', 'desc']).optional(),
    }),
    reply: listOf(listedUser).extend({ total: z.number().int() }),
  }),
  'auth.getUser': route({
    method: 'GET',
    path: '/api/v1/users/:id',
    permission: 'users.read',
    summary: 'A user, with how many live sessions and API keys they have',
    params: idParams,
    reply: listedUser.extend({
      language: z.enum(['en', 'zh']).nullable(),
      sessions: z.number().int(),
      keys: z.number().int(),
    }),
    errors: ['auth.account-not-found'],
  }),
  'auth.updateUser': route({
    method: 'PATCH',
    path: '/api/v1/users/:id',
    permission: 'users.manage',
    sessionOnly: ['role'],
    summary: 'Changes name or role, disables or enables; who is disabled is out at once',
    params: idParams,
    body: z.object({
      version,
      name: name.optional(),
      role: role.optional(),
      disabled: z.boolean().optional(),
    }),
    reply: user,
    errors: [
      'auth.account-not-found',
      'auth.last-administrator',
      'auth.role-too-high',
      'auth.key-of-self',
      'platform.stale-version',
    ],
  }),
  'auth.createResetLink': route({
    method: 'POST',
    path: '/api/v1/users/:id/reset-link',
    permission: 'users.manage',
    sessionOnly: true,
    summary: 'A one-time link by which a user sets a new password; an earlier one stops working',
    params: idParams,
    reply: z.object({ ...withLink, expiresAt: timestamp }),
    status: 201,
    idempotent: true,
    secretReply: true,
    errors: ['auth.account-not-found', 'auth.account-disabled', 'auth.role-too-high', 'auth.key-of-self'],
  }),
}

const sessionRoutes = {
  'auth.listSessions': route({
    method: 'GET',
    path: '/api/v1/auth/sessions',
    permission: 'signed-in',
    summary: "The signed-in user's live sessions, newest first",
    query: page,
    reply: listOf(session),
  }),
  'auth.endOtherSessions': route({
    method: 'POST',
    path: '/api/v1/auth/sessions/end-others',
    permission: 'signed-in',
    summary: 'Ends every session of the signed-in user but the one that asks',
    reply: z.object({ ended: z.number().int() }),
  }),
  'auth.endSession': route({
    method: 'DELETE',
    path: '/api/v1/sessions/:id',
    permission: 'signed-in',
    summary: "Ends a session at once, on every server: one's own, or anybody's with users.manage",
    params: idParams,
    replyKind: 'empty',
    errors: ['auth.session-not-found'],
  }),
  'auth.listUserSessions': route({
    method: 'GET',
    path: '/api/v1/users/:id/sessions',
    permission: 'users.manage',
    summary: "A user's live sessions, newest first",
    params: idParams,
    query: page,
    reply: listOf(session),
    errors: ['auth.account-not-found'],
  }),
  'auth.endUserSessions': route({
    method: 'DELETE',
    path: '/api/v1/users/:id/sessions',
    permission: 'users.manage',
    summary: 'Ends every session of a user at once, on every server',
    params: idParams,
    reply: z.object({ ended: z.number().int() }),
    errors: ['auth.account-not-found', 'auth.role-too-high'],
  }),
}

const invitationRoutes = {
  'auth.listInvitations': route({
    method: 'GET',
    path: '/api/v1/invitations',
    permission: 'users.manage',
    summary: 'Invitations that nobody has used or withdrawn, newest first',
    query: page,
    reply: listOf(invitation),
  }),
  'auth.createInvitation': route({
    method: 'POST',
    path: '/api/v1/invitations',
    permission: 'users.manage',
    sessionOnly: true,
    summary: 'Invites someone by a one-time link that works for seven days',
    body: z.object({ email, name: name.optional(), role, sendMail }),
    reply: invitation.extend(withLink),
    status: 201,
    idempotent: true,
    secretReply: true,
    errors: ['auth.email-taken', 'auth.already-invited', 'auth.role-too-high', 'platform.mail-off'],
  }),
  'auth.renewInvitation': route({
    method: 'POST',
    path: '/api/v1/invitations/:id/renew',
    permission: 'users.manage',
    sessionOnly: true,
    summary: 'A new link for an invitation; the old one stops working',
    params: idParams,
    body: z.object({ sendMail }).optional(),
    reply: invitation.extend(withLink),
    idempotent: true,
    secretReply: true,
    errors: ['auth.invitation-not-found', 'auth.role-too-high'],
  }),
  'auth.withdrawInvitation': route({
    method: 'DELETE',
    path: '/api/v1/invitations/:id',
    permission: 'users.manage',
    summary: 'Takes an invitation back; its link stops working',
    params: idParams,
    replyKind: 'empty',
    errors: ['auth.invitation-not-found'],
  }),
  'auth.readLink': route({
    method: 'POST',
    path: '/api/v1/auth/links/read',
    permission: 'public',
    summary: 'What a one-time link is for; it stays good',
    body: z.object({ token }),
    reply: z.object({
      purpose: z.enum(['invitation', 'password', 'registration']),
      email: z.string(),
      name: z.string().nullable(),
      role,
      roleName: z.string().nullable(),
      by: z.string(),
      /** Characters that the new password needs. */
      shortestPassword: z.number().int(),
      expiresAt: timestamp,
    }),
    errors: [...linkErrors],
  }),
  'auth.acceptInvitation': route({
    method: 'POST',
    path: '/api/v1/auth/links/accept',
    permission: 'public',
    summary: 'Makes the account that an invitation is for, and signs in',
    body: z.object({ token, name, password, language: z.enum(['en', 'zh']).optional() }),
    reply: letIn,
    errors: [...linkErrors, ...passwordErrors, 'auth.email-taken'],
  }),
  'auth.resetPassword': route({
    method: 'POST',
    path: '/api/v1/auth/links/password',
    permission: 'public',
    summary: 'Sets a new password by a one-time link, ends every session, and signs in',
    body: z.object({ token, password }),
    reply: letIn,
    errors: [...linkErrors, ...passwordErrors],
  }),
}

/** Whoever uses this server: people, their sessions, and those who are invited. */
export const userRoutes = { ...peopleRoutes, ...sessionRoutes, ...invitationRoutes }
