import { z } from 'zod'
import { route } from '../core/route.ts'
import { id, idParams, name, timestamp } from '../core/scalars.ts'
import { nextStep, password, signedIn } from './auth.ts'

const ticket = z.string().min(20).max(200)
const code = z.string().trim().min(6).max(40)
/** What a browser's credential interface takes and gives, as WebAuthn's own JSON. */
const webAuthn = z.record(z.string(), z.unknown())
const withTicket = { ticket, options: webAuthn }
const newTotp = z.object({ ticket, secret: z.string(), uri: z.string() })
/** Shown this once; empty where codes were made before. */
const recoveryCodes = z.array(z.string())
const shownOnce = { recoveryCodes: recoveryCodes.optional() }

export const passkey = z.object({
  id,
  name: z.string(),
  /** It is kept with the maker's account and is on several devices. */
  synced: z.boolean(),
  createdAt: timestamp,
  lastUsedAt: timestamp.nullable(),
})

const ticketErrors = ['auth.ticket-unknown', 'auth.throttled'] as const
const passkeyErrors = [
  'auth.passkeys-unavailable',
  'auth.passkeys-elsewhere',
  'auth.passkey-refused',
] as const

const signInRoutes = {
  'auth.verifySignIn': route({
    method: 'POST',
    path: '/api/v1/auth/sign-in/verify',
    permission: 'public',
    summary: 'The next step of a sign-in: a second factor, setting one up, or a new password',
    body: z.discriminatedUnion('method', [
      z.object({ method: z.literal('totp'), ticket, code }),
      z.object({ method: z.literal('recovery-code'), ticket, code }),
      z.object({ method: z.literal('passkey'), ticket, response: webAuthn, name: name.optional() }),
      z.object({ method: z.literal('new-password'), ticket, password }),
    ]),
    reply: z.union([signedIn.extend(shownOnce), nextStep.extend(shownOnce)]).meta({ 'x-parted-by': 'next' }),
    errors: [
      ...ticketErrors,
      ...passkeyErrors,
      'auth.wrong-code',
      'auth.wrong-credentials',
      'auth.password-too-short',
      'auth.password-common',
    ],
  }),
  'auth.prepareSignIn': route({
    method: 'POST',
    path: '/api/v1/auth/sign-in/prepare',
    permission: 'public',
    summary:
      'What a step of a sign-in needs first: the options of a passkey, or the secret of a new authenticator',
    body: z.object({ ticket, method: z.enum(['totp', 'passkey']) }),
    reply: z.object({
      options: webAuthn.optional(),
      secret: z.string().optional(),
      uri: z.string().optional(),
    }),
    errors: [...ticketErrors, ...passkeyErrors],
  }),
  'auth.beginPasskeySignIn': route({
    method: 'POST',
    path: '/api/v1/auth/sign-in/passkey',
    permission: 'public',
    summary: 'Begins a sign-in by passkey alone; `verify` ends it',
    reply: z.object(withTicket),
    errors: ['auth.throttled', ...passkeyErrors],
  }),
}

const proofRoutes = {
  'auth.beginProof': route({
    method: 'POST',
    path: '/api/v1/auth/me/proof/passkey',
    permission: 'signed-in',
    summary: 'Begins a proof by passkey',
    reply: z.object(withTicket),
    sessionOnly: true,
    errors: [...passkeyErrors],
  }),
  'auth.prove': route({
    method: 'POST',
    path: '/api/v1/auth/me/proof',
    permission: 'signed-in',
    summary: 'Proves anew who is there, for ten minutes: what changes how one signs in asks for it',
    body: z.discriminatedUnion('method', [
      z.object({ method: z.literal('password'), password: z.string().max(1024) }),
      z.object({ method: z.literal('totp'), code }),
      z.object({ method: z.literal('recovery-code'), code }),
      z.object({ method: z.literal('passkey'), ticket, response: webAuthn }),
    ]),
    replyKind: 'empty',
    sessionOnly: true,
    errors: [...ticketErrors, ...passkeyErrors, 'auth.wrong-code', 'auth.wrong-password'],
  }),
}

const ownRoutes = {
  'auth.listFactors': route({
    method: 'GET',
    path: '/api/v1/auth/me/factors',
    permission: 'signed-in',
    summary: 'How the signed-in user proves who they are: password, authenticator, passkeys, recovery codes',
    reply: z.object({
      password: z.boolean(),
      /** Characters that a new password needs. */
      shortestPassword: z.number().int(),
      /** The role requires a second factor. */
      required: z.boolean(),
      totp: z.object({ createdAt: timestamp, lastUsedAt: timestamp.nullable() }).nullable(),
      passkeys: z.array(passkey),
      recoveryCodes: z
        .object({ left: z.number().int(), of: z.number().int(), createdAt: timestamp })
        .nullable(),
      /** Where passkeys belong; null where this instance's address is one that browsers refuse them for. */
      passkeyAddress: z.string().nullable(),
      /** Until when a change needs no new proof. */
      provedUntil: timestamp.nullable(),
    }),
  }),
  'auth.beginTotp': route({
    method: 'POST',
    path: '/api/v1/auth/me/factors/totp/begin',
    permission: 'signed-in',
    summary: 'The secret of a new authenticator; a code of it confirms it',
    reply: newTotp,
    sessionOnly: true,
    errors: ['auth.proof-needed'],
  }),
  'auth.addTotp': route({
    method: 'POST',
    path: '/api/v1/auth/me/factors/totp',
    permission: 'signed-in',
    summary: 'Confirms a new authenticator by a code of it; an earlier one stops working',
    body: z.object({ ticket, code }),
    reply: z.object({ recoveryCodes }),
    sessionOnly: true,
    errors: ['auth.proof-needed', ...ticketErrors, 'auth.wrong-code'],
  }),
  'auth.removeTotp': route({
    method: 'DELETE',
    path: '/api/v1/auth/me/factors/totp',
    permission: 'signed-in',
    summary: 'Removes the authenticator',
    replyKind: 'empty',
    sessionOnly: true,
    errors: ['auth.proof-needed', 'auth.factor-not-found', 'auth.factor-required'],
  }),
  'auth.beginPasskey': route({
    method: 'POST',
    path: '/api/v1/auth/me/factors/passkeys/begin',
    permission: 'signed-in',
    summary: 'Begins to add a passkey',
    reply: z.object(withTicket),
    sessionOnly: true,
    errors: ['auth.proof-needed', 'auth.too-many-passkeys', ...passkeyErrors],
  }),
  'auth.addPasskey': route({
    method: 'POST',
    path: '/api/v1/auth/me/factors/passkeys',
    permission: 'signed-in',
    summary: 'Adds the passkey that a browser has made',
    body: z.object({ ticket, name, response: webAuthn }),
    reply: z.object({ passkey, recoveryCodes }),
    status: 201,
    sessionOnly: true,
    errors: ['auth.proof-needed', ...ticketErrors, ...passkeyErrors],
  }),
  'auth.renamePasskey': route({
    method: 'PATCH',
    path: '/api/v1/auth/me/factors/passkeys/:id',
    permission: 'signed-in',
    summary: 'Gives a passkey another name',
    params: idParams,
    body: z.object({ name }),
    reply: passkey,
    sessionOnly: true,
    errors: ['auth.factor-not-found'],
  }),
  'auth.removePasskey': route({
    method: 'DELETE',
    path: '/api/v1/auth/me/factors/passkeys/:id',
    permission: 'signed-in',
    summary: 'Removes a passkey',
    params: idParams,
    replyKind: 'empty',
    sessionOnly: true,
    errors: ['auth.proof-needed', 'auth.factor-not-found', 'auth.factor-required'],
  }),
  'auth.makeRecoveryCodes': route({
    method: 'POST',
    path: '/api/v1/auth/me/factors/recovery-codes',
    permission: 'signed-in',
    summary: 'Makes ten new recovery codes, shown this once; earlier ones stop working',
    reply: z.object({ recoveryCodes }),
    sessionOnly: true,
    errors: ['auth.proof-needed', 'auth.factor-not-found'],
  }),
  'auth.removeUserFactors': route({
    method: 'DELETE',
    path: '/api/v1/users/:id/factors',
    permission: 'users.manage',
    summary: "Removes a user's second factors and ends their sessions, for who has lost them",
    params: idParams,
    reply: z.object({ removed: z.number().int(), ended: z.number().int() }),
    sessionOnly: true,
    errors: ['auth.account-not-found', 'auth.role-too-high', 'auth.key-of-self', 'auth.proof-needed'],
  }),
}

/** Second factors, passkeys, and proof of who is there. */
export const factorRoutes = { ...signInRoutes, ...proofRoutes, ...ownRoutes }
