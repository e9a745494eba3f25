import type { Migration } from '../../platform/db/index.ts'

export const generationsMigrations: Migration[] = [
  {
    id: 'generations.001-generation',
    statements: (words) => [
      words.createTable('generation', {
        id: `${words.id} not null primary key`,
        owner_id: `${words.id} not null`,
        visibility: `${words.text(20)} not null`,
        via: `${words.text(20)} not null`,
        /* What it belongs to (a conversation, a comparison); null for one that stands alone. */
        subject_id: words.id,
        /* The subject while it runs, then null: one answer at a time for a subject. */
        running_key: words.text(80),
        node_id: `${words.id} not null`,
        state: `${words.text(20)} not null`,
        stop_requested: `${words.bool} not null`,
        model_id: words.id,
        connection_id: words.id,
        key_id: words.id,
        model_name: `${words.text(200)} not null`,
        parameters: `${words.json} not null`,
        parts: words.longtext,
        seq: `${words.int} not null`,
        meter: `${words.json} not null`,
        warnings: `${words.json} not null`,
        finish_reason: words.text(40),
        error: words.json,
        saved: `${words.bool} not null`,
        started_at: `${words.time} not null`,
        ended_at: words.time,
      }),
      words.createIndex('generation_running', 'generation', ['running_key'], true),
      words.createIndex('generation_subject', 'generation', ['subject_id', 'state']),
      words.createIndex('generation_node', 'generation', ['node_id', 'state']),
      /* A person's first answer, and their first of some models. */
      words.createIndex('generation_owner', 'generation', ['owner_id', 'state', 'started_at']),
      words.createIndex('generation_owner_model', 'generation', [
        'owner_id',
        'model_id',
        'state',
        'started_at',
      ]),
      words.createTable('generation_chunk', {
        id: `${words.id} not null primary key`,
        generation_id: `${words.id} not null`,
        last_seq: `${words.int} not null`,
        events: `${words.longtext} not null`,
      }),
      words.createIndex('generation_chunk_order', 'generation_chunk', ['generation_id', 'last_seq'], true),
    ],
  },
  {
    /* Which version of a prompt was the system message. */
    id: 'generations.002-prompt-version',
    statements: (words) => [words.addColumn('generation', 'prompt_version_id', words.id)],
  },
  {
    /* How often a version is used. */
    id: 'generations.003-prompt-version-index',
    statements: (words) => [
      words.createIndex('generation_prompt_version', 'generation', ['prompt_version_id', 'started_at']),
    ],
  },
]
