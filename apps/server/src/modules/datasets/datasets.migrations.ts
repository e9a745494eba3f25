import type { Migration } from '../../platform/db/index.ts'
import { defaultResourceColumns } from '../auth/index.ts'

export const datasetsMigrations: Migration[] = [
  {
    id: 'datasets.001-dataset',
    statements: (words) => [
      words.createTable('dataset', {
        id: `${words.id} not null primary key`,
        ...defaultResourceColumns(words),
        name: `${words.text(200)} not null`,
        /* The lower-cased name, or the id of a deleted row: a name is free again once its row is put away. */
        name_key: `${words.text(200)} not null`,
        is_sample: `${words.bool} not null`,
        /* The newest version. */
        version_id: `${words.id} not null`,
      }),
      words.createIndex('dataset_name', 'dataset', ['owner_id', 'name_key'], true),
      words.createIndex('dataset_order', 'dataset', ['created_at', 'id']),
      /* Never changed once written. */
      words.createTable('dataset_version', {
        id: `${words.id} not null primary key`,
        dataset_id: `${words.id} not null`,
        number: `${words.int} not null`,
        file_id: `${words.id} not null`,
        node_id: `${words.id} not null`,
        bytes: `${words.bigint} not null`,
        sha256: `${words.text(64)} not null`,
        created_at: `${words.time} not null`,
      }),
      words.createIndex('dataset_version_number', 'dataset_version', ['dataset_id', 'number'], true),
      /* What the last check of a version found; one row a version. */
      words.createTable('dataset_check', {
        version_id: `${words.id} not null primary key`,
        state: `${words.text(20)} not null`,
        progress: `${words.double} not null`,
        error: words.json,
        format: words.text(40),
        row_count: `${words.bigint} not null`,
        bad_count: `${words.bigint} not null`,
        reasons: `${words.json} not null`,
        index_file_id: words.id,
        checked_at: words.time,
      }),
      words.createTable(
        'dataset_bad_row',
        {
          version_id: `${words.id} not null`,
          row_no: `${words.bigint} not null`,
          reason: `${words.text(40)} not null`,
          params: `${words.json} not null`,
          excerpt: `${words.text(300)} not null`,
        },
        ['primary key (version_id, row_no)'],
      ),
    ],
  },
]
