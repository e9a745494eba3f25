import type { Migration, Words } from '../../../platform/db/index.ts'

/** Providers of identities, who is who there, and users that are no person. */
const identities = (w: Words) => [
  w.createTable('oidc_provider', {
    id: `${w.id} not null primary key`,
    name: `${w.text(100)} not null`,
    issuer: `${w.text(500)} not null`,
    client_id: `${w.text(300)} not null`,
    client_secret: w.text(1200),
    scopes: `${w.text(500)} not null`,
    button_text: `${w.text(100)} not null`,
    group_claim: `${w.text(200)} not null`,
    role_map: `${w.json} not null`,
    default_role: w.text(40),
    create_accounts: `${w.bool} not null`,
    mail_domains: `${w.json} not null`,
    enabled: `${w.bool} not null`,
    version: `${w.int} not null`,
    created_at: `${w.time} not null`,
    updated_at: `${w.time} not null`,
  }),
  w.createTable('user_identity', {
    id: `${w.id} not null primary key`,
    provider_id: `${w.id} not null`,
    subject: `${w.text(255)} not null`,
    user_id: `${w.id} not null`,
    created_at: `${w.time} not null`,
    last_used_at: `${w.time} not null`,
  }),
  w.createIndex('user_identity_subject', 'user_identity', ['provider_id', 'subject'], true),
  w.createIndex('user_identity_user', 'user_identity', ['user_id', 'provider_id'], true),
  w.addColumn('user_account', 'kind', `${w.text(10)} not null default 'person'`),
  w.addColumn('user_account', 'owner_group_id', w.id),
  w.createIndex('user_account_kind', 'user_account', ['kind', 'created_at', 'id']),
]

export const identityMigrations: Migration[] = [{ id: 'auth.020-identities', statements: identities }]
