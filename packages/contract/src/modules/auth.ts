import { z } from 'zod'
import { keyScopes, permissions } from '../core/permissions.ts'
import { route } from '../core/route.ts'
import { email, id, idParams, listOf, name, page, role, timestamp } from '../core/scalars.ts'

/** Eight characters do for who needs a second factor, everyone else's password has 15; the server knows whose it is. */
export const password = z.string().min(8).max(128)

export const sessionUser = z.object({
  id,
  email: z.string(),
  name: z.string(),
  role,
  /** Of an own role; null for a built-in one. */
  roleName: z.string().nullable(),
  workspace: z.string(),
  language: z.enum(['en', 'zh']).nullable(),
  permissions: z.array(z.enum(permissions)),
})

export const signedIn = z.object({ accessToken: z.string(), expiresAt: timestamp, user: sessionUser })

/** What is asked for before anyone is let in, and by which ways it can be given. */
export const nextStep = z.object({
  next: z.enum(['second-factor', 'enrol', 'new-password']),
  ticket: z.string(),
  methods: z.array(z.enum(['totp', 'passkey', 'recovery-code', 'new-password'])),
})

/** Signed in, or told the next step. */
export const letIn = z.union([signedIn, nextStep]).meta({ 'x-parted-by': 'next' })

export const apiKey = z.object({
  id,
  name: z.string(),
  /** The last four characters, to tell keys apart. */
  ending: z.string(),
  scopes: z.array(z.enum(keyScopes)),
  createdAt: timestamp,
  expiresAt: timestamp.nullable(),
  lastUsedAt: timestamp.nullable(),
})

export const authRoutes = {
  'auth.setUpState': route({
    method: 'GET',
    path: '/api/v1/auth/set-up',
    permission: 'public',
    summary: 'Whether this instance still waits for its first administrator',
    reply: z.object({ waiting: z.boolean() }),
  }),
  'auth.setUp': route({
    method: 'POST',
    path: '/api/v1/auth/set-up',
    permission: 'public',
    summary: 'Makes the first administrator by the one-time link, and signs in',
    body: z.object({
      token: z.string().min(20).max(200),
      email,
      name,
      password,
      language: z.enum(['en', 'zh']).optional(),
    }),
    reply: signedIn,
    errors: ['auth.link-expired', 'auth.already-set-up'],
  }),
  'auth.signIn': route({
    method: 'POST',
    path: '/api/v1/auth/sign-in',
    permission: 'public',
    summary: 'Signs in with mail and password, or says the next step; who is in gets the refresh cookie',
    body: z.object({ email: z.string().max(254), password: z.string().max(1024) }),
    reply: letIn,
    errors: ['auth.wrong-credentials', 'auth.throttled'],
  }),
  'auth.refresh': route({
    method: 'POST',
    path: '/api/v1/auth/refresh',
    permission: 'public',
    summary: 'Trades the refresh cookie for a new access token; the cookie is rotated',
    reply: signedIn,
    errors: ['auth.session-ended', 'auth.factor-needed'],
  }),
  'auth.signOut': route({
    method: 'POST',
    path: '/api/v1/auth/sign-out',
    permission: 'public',
    summary: 'Ends this session at once, on every server',
    replyKind: 'empty',
  }),
  'auth.me': route({
    method: 'GET',
    path: '/api/v1/auth/me',
    permission: 'signed-in',
    summary: 'The signed-in user',
    reply: sessionUser,
  }),
  'auth.updateMe': route({
    method: 'PATCH',
    path: '/api/v1/auth/me',
    permission: 'signed-in',
    summary: "Changes the signed-in user's own name or language",
    body: z.object({ name: name.optional(), language: z.enum(['en', 'zh']).nullable().optional() }),
    reply: sessionUser,
  }),
  'auth.changePassword': route({
    method: 'POST',
    path: '/api/v1/auth/me/password',
    permission: 'signed-in',
    sessionOnly: true,
    summary: "Changes the signed-in user's password; every other session of theirs ends",
    body: z.object({
      /** May be left out by whoever has no password yet. */
      current: z.string().max(1024).optional(),
      password,
    }),
    replyKind: 'empty',
    errors: [
      'auth.wrong-password',
      'auth.proof-needed',
      'auth.throttled',
      'auth.password-too-short',
      'auth.password-common',
    ],
  }),
  'auth.createKey': route({
    method: 'POST',
    path: '/api/v1/keys',
    permission: 'keys.own',
    summary: 'Makes an API key; it is shown this once',
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
    sessionOnly: true,
  }),
  'auth.listKeys': route({
    method: 'GET',
    path: '/api/v1/keys',
    permission: 'keys.own',
    summary: "The signed-in user's API keys",
    query: page,
    reply: listOf(apiKey),
  }),
  'auth.revokeKey': route({
    method: 'DELETE',
    path: '/api/v1/keys/:id',
    permission: 'keys.own',
    summary: 'Ends an API key at once',
    params: idParams,
    replyKind: 'empty',
  }),
}
