import { sql } from 'kysely'
import { defineQuery } from '../../../platform/db/index.ts'
import type { AuthTables, OidcProviderRow, UserIdentityRow } from '../auth.tables.ts'

const query = defineQuery<AuthTables>()
type None = Record<never, never>

export const allProviders = query<None, OidcProviderRow>((k) =>
  k.selectFrom('oidc_provider').selectAll().orderBy('name').orderBy('id'),
)

export const providerById = query<{ id: string }, OidcProviderRow>((k, p) =>
  k.selectFrom('oidc_provider').selectAll().where('id', '=', p.id),
)

export const insertProvider = query<OidcProviderRow, unknown>((k, p) =>
  k.insertInto('oidc_provider').values({
    id: p.id,
    name: p.name,
    issuer: p.issuer,
    client_id: p.client_id,
    client_secret: p.client_secret,
    scopes: p.scopes,
    button_text: p.button_text,
    group_claim: p.group_claim,
    role_map: p.role_map,
    default_role: p.default_role,
    create_accounts: p.create_accounts,
    mail_domains: p.mail_domains,
    enabled: p.enabled,
    version: p.version,
    created_at: p.created_at,
    updated_at: p.updated_at,
  }),
)

/** Compare and set by version. */
export const updateProviderRow = query<Omit<OidcProviderRow, 'created_at'>, unknown>((k, p) =>
  k
    .updateTable('oidc_provider')
    .set({
      name: p.name,
      issuer: p.issuer,
      client_id: p.client_id,
      client_secret: p.client_secret,
      scopes: p.scopes,
      button_text: p.button_text,
      group_claim: p.group_claim,
      role_map: p.role_map,
      default_role: p.default_role,
      create_accounts: p.create_accounts,
      mail_domains: p.mail_domains,
      enabled: p.enabled,
      updated_at: p.updated_at,
      version: sql<number>`version + 1`,
    })
    .where('id', '=', p.id)
    .where('version', '=', p.version),
)

export const deleteProviderRow = query<{ id: string }, unknown>((k, p) =>
  k.deleteFrom('oidc_provider').where('id', '=', p.id),
)

export const identitiesByProvider = query<None, { provider_id: string; n: number | string }>((k) =>
  k
    .selectFrom('user_identity')
    .select(['provider_id', sql<number>`count(*)`.as('n')])
    .groupBy('provider_id'),
)

export const deleteIdentitiesOf = query<{ providerId: string }, unknown>((k, p) =>
  k.deleteFrom('user_identity').where('provider_id', '=', p.providerId),
)

export const identityBySubject = query<{ providerId: string; subject: string }, UserIdentityRow>((k, p) =>
  k
    .selectFrom('user_identity')
    .selectAll()
    .where('provider_id', '=', p.providerId)
    .where('subject', '=', p.subject),
)

export const identityOfUser = query<{ providerId: string; userId: string }, UserIdentityRow>((k, p) =>
  k
    .selectFrom('user_identity')
    .selectAll()
    .where('user_id', '=', p.userId)
    .where('provider_id', '=', p.providerId),
)

/** The names of the providers that someone is known at. */
export const providersOfUser = query<{ userId: string }, { name: string }>((k, p) =>
  k
    .selectFrom('user_identity as i')
    .innerJoin('oidc_provider as p', 'p.id', 'i.provider_id')
    .select('p.name')
    .where('i.user_id', '=', p.userId)
    .where('p.enabled', '=', 1)
    .orderBy('p.name'),
)

export const insertIdentity = query<UserIdentityRow, unknown>((k, p) =>
  k.insertInto('user_identity').values({
    id: p.id,
    provider_id: p.provider_id,
    subject: p.subject,
    user_id: p.user_id,
    created_at: p.created_at,
    last_used_at: p.last_used_at,
  }),
)

export const identityUsed = query<{ id: string; now: number }, unknown>((k, p) =>
  k.updateTable('user_identity').set({ last_used_at: p.now }).where('id', '=', p.id),
)
