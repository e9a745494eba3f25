import type { Migration } from '../../platform/db/index.ts'
import { defaultResourceColumns } from '../auth/index.ts'

export const promptsMigrations: Migration[] = [
  {
    id: 'prompts.001-prompt',
    statements: (words) => [
      words.createTable('prompt', {
        id: `${words.id} not null primary key`,
        ...defaultResourceColumns(words),
        name: `${words.text(100)} not null`,
        /* The lower-cased name, or the id of a deleted row: a name is free again once its row is put away. */
        name_key: `${words.text(100)} not null`,
        description: `${words.text(500)} not null`,
        folder: words.text(100),
        /* Number of the newest version: who saves the next one has seen this one. */
        newest: `${words.int} not null`,
      }),
      words.createIndex('prompt_name', 'prompt', ['name_key'], true),
      words.createIndex('prompt_order', 'prompt', ['updated_at', 'id']),
      /* Never changed once written, but for being archived. */
      words.createTable('prompt_version', {
        id: `${words.id} not null primary key`,
        prompt_id: `${words.id} not null`,
        number: `${words.int} not null`,
        text: `${words.longtext} not null`,
        variables: `${words.json} not null`,
        message: `${words.text(500)} not null`,
        author_id: `${words.id} not null`,
        created_at: `${words.time} not null`,
        archived_at: words.time,
      }),
      words.createIndex('prompt_version_number', 'prompt_version', ['prompt_id', 'number'], true),
      words.createTable(
        'prompt_label',
        {
          prompt_id: `${words.id} not null`,
          label: `${words.text(40)} not null`,
          number: `${words.int} not null`,
          moved_at: `${words.time} not null`,
        },
        ['primary key (prompt_id, label)'],
      ),
      words.createTable('prompt_label_move', {
        id: `${words.id} not null primary key`,
        prompt_id: `${words.id} not null`,
        label: `${words.text(40)} not null`,
        from_number: words.int,
        to_number: `${words.int} not null`,
        reason: `${words.text(500)} not null`,
        moved_by: `${words.id} not null`,
        created_at: `${words.time} not null`,
      }),
      words.createIndex('prompt_label_move_order', 'prompt_label_move', [
        'prompt_id',
        'label',
        'created_at',
        'id',
      ]),
    ],
  },
]
