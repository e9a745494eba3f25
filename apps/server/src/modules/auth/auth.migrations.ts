import type { Migration, Words } from '../../platform/db/index.ts'
import { accessMigrations } from './access/access.migrations.ts'
import { groupMigrations } from './groups/groups.migrations.ts'
import { identityMigrations } from './identities/identities.migrations.ts'
import { factorMigrations } from './factors/factors.migrations.ts'
import { peopleMigrations } from './people/people.migrations.ts'
import { roleMigrations } from './roles/roles.migrations.ts'

const people = (w: Words) => [
  w.createTable('user_account', {
    id: `${w.id} not null primary key`,
    mail: `${w.text(254)} not null`,
    mail_key: `${w.text(254)} not null`,
    name: `${w.text(200)} not null`,
    role: `${w.text(40)} not null`,
    password_hash: w.text(300),
    workspace: `${w.text(25)} not null`,
    language: w.text(8),
    disabled_at: w.time,
    last_seen_at: w.time,
    version: `${w.int} not null`,
    created_at: `${w.time} not null`,
    updated_at: `${w.time} not null`,
  }),
  w.createIndex('user_account_mail', 'user_account', ['mail_key'], true),
  w.createTable('workspace_name', {
    name_key: `${w.text(25)} not null primary key`,
    name: `${w.text(25)} not null`,
    owner_kind: `${w.text(10)} not null`,
    owner_id: `${w.id} not null`,
  }),
  w.createTable('set_up_link', {
    id: `${w.id} not null primary key`,
    token_hash: `${w.text(64)} not null`,
    created_at: `${w.time} not null`,
  }),
]

const sessions = (w: Words) => [
  w.createTable('auth_session', {
    id: `${w.id} not null primary key`,
    user_id: `${w.id} not null`,
    user_agent: w.text(300),
    address: w.text(64),
    created_at: `${w.time} not null`,
    last_seen_at: `${w.time} not null`,
    expires_at: `${w.time} not null`,
    ended_at: w.time,
  }),
  w.createIndex('auth_session_user', 'auth_session', ['user_id', 'created_at']),
  w.createTable('refresh_token', {
    hash: `${w.text(64)} not null primary key`,
    session_id: `${w.id} not null`,
    created_at: `${w.time} not null`,
    replaced_at: w.time,
    successor: w.text(400),
  }),
  w.createIndex('refresh_token_session', 'refresh_token', ['session_id']),
  w.createTable('signing_key', {
    kid: `${w.text(40)} not null primary key`,
    public_key: `${w.text(400)} not null`,
    private_key: `${w.text(1000)} not null`,
    created_at: `${w.time} not null`,
  }),
]

const groups = (w: Words) => [
  w.createTable('user_group', {
    id: `${w.id} not null primary key`,
    name: `${w.text(200)} not null`,
    name_key: `${w.text(200)} not null`,
    workspace: `${w.text(25)} not null`,
    version: `${w.int} not null`,
    created_at: `${w.time} not null`,
    updated_at: `${w.time} not null`,
    deleted_at: w.time,
  }),
  w.createIndex('user_group_name', 'user_group', ['name_key'], true),
  w.createTable('user_group_member', { group_id: `${w.id} not null`, user_id: `${w.id} not null` }, [
    'primary key (user_id, group_id)',
  ]),
  w.createIndex('user_group_member_group', 'user_group_member', ['group_id']),
  w.createTable('resource_grant', {
    id: `${w.id} not null primary key`,
    resource_kind: `${w.text(30)} not null`,
    resource_id: `${w.id} not null`,
    subject_kind: `${w.text(10)} not null`,
    subject_id: `${w.id} not null`,
    action: `${w.text(10)} not null`,
    created_at: `${w.time} not null`,
  }),
  w.createIndex(
    'resource_grant_one',
    'resource_grant',
    ['resource_kind', 'resource_id', 'subject_kind', 'subject_id'],
    true,
  ),
  w.createIndex('resource_grant_subject', 'resource_grant', ['subject_kind', 'subject_id']),
]

const keys = (w: Words) => [
  w.createTable('api_key', {
    id: `${w.id} not null primary key`,
    user_id: `${w.id} not null`,
    name: `${w.text(200)} not null`,
    hash: `${w.text(64)} not null`,
    ending: `${w.text(4)} not null`,
    scopes: `${w.text(200)} not null`,
    created_at: `${w.time} not null`,
    expires_at: w.time,
    last_used_at: w.time,
    ended_at: w.time,
    training_run_id: w.id,
  }),
  w.createIndex('api_key_hash', 'api_key', ['hash'], true),
  w.createIndex('api_key_user', 'api_key', ['user_id', 'id']),
  w.createIndex('api_key_run', 'api_key', ['training_run_id']),
]

const nameTwin = (w: Words) => [
  w.addColumn('user_account', 'name_key', w.text(200)),
  `update user_account set name_key = lower(name) where name_key is null`,
]

const links = (w: Words) => [
  w.createTable('one_time_link', {
    id: `${w.id} not null primary key`,
    purpose: `${w.text(12)} not null`,
    token_hash: `${w.text(64)} not null`,
    open_key: w.text(300),
    mail: `${w.text(254)} not null`,
    name: w.text(200),
    role: `${w.text(40)} not null`,
    user_id: w.id,
    created_by: w.id,
    created_at: `${w.time} not null`,
    expires_at: `${w.time} not null`,
    used_at: w.time,
    withdrawn_at: w.time,
  }),
  w.createIndex('one_time_link_hash', 'one_time_link', ['token_hash'], true),
  w.createIndex('one_time_link_open', 'one_time_link', ['open_key'], true),
]

export const authMigrations: Migration[] = [
  { id: 'auth.001-people', statements: people },
  { id: 'auth.002-sessions', statements: sessions },
  { id: 'auth.003-groups', statements: groups },
  { id: 'auth.004-keys', statements: keys },
  { id: 'auth.005-name-twin', statements: nameTwin },
  { id: 'auth.006-one-time-links', statements: links },
  ...roleMigrations,
  ...identityMigrations,
  ...factorMigrations,
  ...groupMigrations,
  ...accessMigrations,
  ...peopleMigrations,
]

/** Columns that every table of resources has; the rest of `can` and `visibleTo` rely on them. */
export function defaultResourceColumns(words: Words): Record<string, string> {
  return {
    owner_id: `${words.id} not null`,
    visibility: `${words.text(10)} not null`,
    version: `${words.int} not null`,
    created_at: `${words.time} not null`,
    updated_at: `${words.time} not null`,
    deleted_at: words.time,
  }
}
