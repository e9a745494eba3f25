import { roles } from '@anneal/contract'
import type { Migration, Words } from '../../../platform/db/index.ts'

/** The built-in ones are rows too, so that what can be set of any role lies in one place. */
const rolesTable = (w: Words) => [
  w.createTable('user_role', {
    id: `${w.text(40)} not null primary key`,
    name: `${w.text(200)} not null`,
    name_key: `${w.text(200)} not null`,
    description: `${w.text(500)} not null`,
    permissions: w.text(4000),
    second_factor: `${w.bool} not null`,
    version: `${w.int} not null`,
    created_at: `${w.time} not null`,
    updated_at: `${w.time} not null`,
  }),
  w.createIndex('user_role_name', 'user_role', ['name_key'], true),
  ...roles.map(
    (role) =>
      `insert into user_role (id, name, name_key, description, permissions, second_factor, version, created_at, updated_at)
       select '${role}', '${role}', '${role}', '', null, 0, 1, 0, 0 from (select 1 as one) as x
       where not exists (select 1 from user_role where id = '${role}')`,
  ),
  w.createIndex('user_account_role', 'user_account', ['role', 'disabled_at']),
]

export const roleMigrations: Migration[] = [{ id: 'auth.007-roles', statements: rolesTable }]
