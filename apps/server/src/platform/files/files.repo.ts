import type { Migration } from '../db/index.ts'
import { defineQuery } from '../db/index.ts'

export interface FileRow {
  id: string
  node_id: string
  bytes: number
  sha256: string
  created_at: number
}

interface FileTables {
  file: FileRow
}

const query = defineQuery<FileTables>()

export const fileById = query<{ id: string }, FileRow>((k, p) =>
  k.selectFrom('file').selectAll().where('id', '=', p.id),
)

export const insertFile = query<FileRow, unknown>((k, p) =>
  k.insertInto('file').values({
    id: p.id,
    node_id: p.node_id,
    bytes: p.bytes,
    sha256: p.sha256,
    created_at: p.created_at,
  }),
)

export const deleteFile = query<{ id: string }, unknown>((k, p) =>
  k.deleteFrom('file').where('id', '=', p.id),
)

export const filesMigrations: Migration[] = [
  {
    id: 'files.001-file',
    statements: (words) => [
      words.createTable('file', {
        id: `${words.id} not null primary key`,
        node_id: `${words.id} not null`,
        bytes: `${words.bigint} not null`,
        sha256: `${words.text(64)} not null`,
        created_at: `${words.time} not null`,
      }),
    ],
  },
]
