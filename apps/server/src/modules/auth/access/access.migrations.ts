import type { Migration, Words } from '../../../platform/db/index.ts'

const accessTables = (w: Words) => [
  w.createTable(
    'resource_access',
    {
      resource_kind: `${w.text(30)} not null`,
      resource_id: `${w.id} not null`,
      version: `${w.int} not null`,
    },
    ['primary key (resource_kind, resource_id)'],
  ),
  w.createTable('personal_reading', {
    id: `${w.id} not null primary key`,
    resource_kind: `${w.text(30)} not null`,
    resource_id: `${w.id} not null`,
    owner_id: `${w.id} not null`,
    reader_id: `${w.id} not null`,
    reason: `${w.text(500)} not null`,
    created_at: `${w.time} not null`,
    expires_at: `${w.time} not null`,
  }),
  w.createIndex('personal_reading_resource', 'personal_reading', ['resource_kind', 'resource_id', 'id']),
]

export const accessMigrations: Migration[] = [{ id: 'auth.031-access', statements: accessTables }]
