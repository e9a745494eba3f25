import { z } from 'zod'
import { route } from '../core/route.ts'
import { email, id, idParams, name, role, timestamp, version } from '../core/scalars.ts'
import { password, letIn } from './auth.ts'

const token = z.string().min(20).max(200)
const language = z.enum(['en', 'zh']).optional()
const mailDomain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/)
const issuer = z
  .string()
  .trim()
  .max(500)
  .regex(/^https?:\/\/[^\s?#]+$/)
const scopes = z
  .string()
  .trim()
  .max(500)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/)

/** Who may make an account without an invitation. */
export const registration = z.object({
  mode: z.enum(['off', 'domains']),
  /** Mail domains whose addresses may register; exactly these, not those below them. */
  domains: z.array(mailDomain).max(50),
  /** What they become. */
  role,
})

const providerFields = {
  name: z.string().trim().min(1).max(100),
  /** As the provider's discovery document names itself. */
  issuer,
  clientId: z.string().trim().min(1).max(300),
  scopes,
  /** On the button of the sign-in page; empty: made of the name. */
  buttonText: z.string().trim().max(100),
  /** The claim that lists someone's groups; dots lead into objects. Empty: none. */
  groupClaim: z.string().trim().max(200),
  /** The first line whose group someone is in gives their role, at each sign-in. Empty: roles are given here. */
  roleMap: z.array(z.object({ group: z.string().trim().min(1).max(300), role })).max(100),
  /** For whoever fits no line; null: they are refused. Without lines: what a new account gets. */
  defaultRole: role.nullable(),
  /** Whether someone unknown gets an account. */
  createAccounts: z.boolean(),
  /** Only addresses of these are linked or made; empty: of any. */
  mailDomains: z.array(mailDomain).max(50),
  enabled: z.boolean(),
}

const provider = z.object({
  id,
  ...providerFields,
  hasSecret: z.boolean(),
  /** Where the provider sends people back to; it has to know this address. */
  callbackUrl: z.string(),
  /** How many accounts are linked to one there. */
  people: z.number().int(),
  version,
  createdAt: timestamp,
  updatedAt: timestamp,
})

const clientSecret = z.string().max(800).nullable()
const found = [
  'identity.issuer-unreachable',
  'identity.issuer-unlike',
  'identity.issuer-unfit',
  'platform.address-refused',
] as const

const providerRoutes = {
  'identity.listProviders': route({
    method: 'GET',
    path: '/api/v1/auth/providers',
    permission: 'settings.manage',
    summary: 'The OpenID Connect providers that people may sign in through, without their secrets',
    reply: z.object({
      items: z.array(provider),
      /** A new provider’s callback address is this, its id and `/callback`. */
      callbackBase: z.string(),
    }),
  }),
  'identity.createProvider': route({
    method: 'POST',
    path: '/api/v1/auth/providers',
    permission: 'settings.manage',
    sessionOnly: true,
    summary: 'Adds a provider; only an administrator may, since it says who comes in as whom',
    body: z.object({
      /** Chosen by the asker, so that the provider can be told the callback address before. */
      id: id.optional(),
      ...providerFields,
      scopes: scopes.default('openid email profile'),
      buttonText: providerFields.buttonText.default(''),
      groupClaim: providerFields.groupClaim.default(''),
      roleMap: providerFields.roleMap.default([]),
      defaultRole: providerFields.defaultRole.default(null),
      createAccounts: providerFields.createAccounts.default(false),
      mailDomains: providerFields.mailDomains.default([]),
      enabled: providerFields.enabled.default(true),
      clientSecret: clientSecret.default(null),
    }),
    reply: provider,
    status: 201,
    idempotent: true,
    errors: [
      'auth.role-too-high',
      'auth.role-not-found',
      'platform.address-refused',
      'identity.provider-exists',
    ],
  }),
  'identity.updateProvider': route({
    method: 'PATCH',
    path: '/api/v1/auth/providers/:id',
    permission: 'settings.manage',
    sessionOnly: true,
    summary: 'Changes a provider; another issuer ends the links of accounts to it',
    params: idParams,
    body: z.object({ version, ...z.object({ ...providerFields, clientSecret }).partial().shape }),
    reply: provider,
    errors: ['identity.provider-not-found', 'auth.role-too-high', 'platform.stale-version'],
  }),
  'identity.deleteProvider': route({
    method: 'DELETE',
    path: '/api/v1/auth/providers/:id',
    permission: 'settings.manage',
    sessionOnly: true,
    summary: 'Removes a provider and the links of accounts to it; the accounts stay',
    params: idParams,
    replyKind: 'empty',
    errors: ['identity.provider-not-found', 'auth.role-too-high'],
  }),
  'identity.testProvider': route({
    method: 'POST',
    path: '/api/v1/auth/providers/test',
    permission: 'settings.manage',
    sessionOnly: true,
    summary: "Reads an issuer's discovery document and keys, and says what they lack",
    body: z.object({ issuer }),
    reply: z.object({
      issuer: z.string(),
      authorizationEndpoint: z.string(),
      tokenEndpoint: z.string(),
      keys: z.number().int(),
      warnings: z.array(z.enum(['plain-http', 'no-pkce', 'no-user-info'])),
    }),
    errors: [...found],
  }),
}

const oidcRoutes = {
  'identity.oidcStart': route({
    method: 'GET',
    path: '/api/v1/auth/oidc/:id/start',
    permission: 'public',
    summary: 'Leads to the provider to sign in there; what goes wrong is said on the sign-in page',
    params: idParams,
    replyKind: 'redirect',
  }),
  'identity.oidcCallback': route({
    method: 'GET',
    path: '/api/v1/auth/oidc/:id/callback',
    permission: 'public',
    summary: 'Where the provider sends people back to',
    params: idParams,
    replyKind: 'redirect',
  }),
}

const registrationRoutes = {
  'identity.signInOptions': route({
    method: 'GET',
    path: '/api/v1/auth/options',
    permission: 'public',
    summary: 'What the sign-in page offers beside mail and password',
    reply: z.object({
      /** Whether a forgotten password can be asked for by mail. */
      passwordByMail: z.boolean(),
      registration: z.boolean(),
      providers: z.array(z.object({ id, name: z.string(), buttonText: z.string() })),
    }),
  }),
  'identity.requestPassword': route({
    method: 'POST',
    path: '/api/v1/auth/links/request',
    permission: 'public',
    summary: 'Mails a link for a new password, if there is such an account; the reply is the same where not',
    body: z.object({ email, language }),
    replyKind: 'empty',
    errors: ['platform.mail-off', 'auth.throttled'],
  }),
  'identity.register': route({
    method: 'POST',
    path: '/api/v1/auth/register',
    permission: 'public',
    summary: 'Mails a link that makes an account; the reply is the same where there is one already',
    body: z.object({ email, language }),
    replyKind: 'empty',
    errors: ['auth.registration-off', 'auth.registration-domain', 'auth.throttled'],
  }),
  'identity.confirmRegistration': route({
    method: 'POST',
    path: '/api/v1/auth/links/register',
    permission: 'public',
    summary: 'Makes the account whose address a link has confirmed, and signs in',
    body: z.object({ token, name, password, language }),
    reply: letIn,
    errors: [
      'auth.link-unknown',
      'auth.link-used',
      'auth.link-withdrawn',
      'auth.link-too-old',
      'auth.password-too-short',
      'auth.password-common',
      'auth.email-taken',
      'auth.registration-off',
      'auth.registration-domain',
    ],
  }),
  'identity.mailState': route({
    method: 'GET',
    path: '/api/v1/auth/mail',
    permission: 'settings.manage',
    summary: 'Whether this server sends mail, and whom it comes from',
    reply: z.object({ on: z.boolean(), sender: z.string() }),
  }),
  'identity.testMail': route({
    method: 'POST',
    path: '/api/v1/auth/mail/test',
    permission: 'settings.manage',
    sessionOnly: true,
    summary: "Sends a mail to the asker's own address at once",
    reply: z.object({ to: z.string() }),
    errors: ['platform.mail-off', 'platform.mail-failed'],
  }),
}

/** Ways in that begin outside: providers of identities, and mail. */
export const identityRoutes = { ...providerRoutes, ...oidcRoutes, ...registrationRoutes }
