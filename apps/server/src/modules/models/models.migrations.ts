import type { Migration } from '../../platform/db/index.ts'
import { defaultResourceColumns } from '../auth/index.ts'

export const modelsMigrations: Migration[] = [
  {
    id: 'models.001-connection-and-model',
    statements: (words) => [
      words.createTable('connection', {
        id: `${words.id} not null primary key`,
        ...defaultResourceColumns(words),
        name: `${words.text(200)} not null`,
        /* The lower-cased name, or the id of a deleted row: a name is free again once its row is put away. */
        name_key: `${words.text(200)} not null`,
        provider: `${words.text(40)} not null`,
        base_url: `${words.text(2000)} not null`,
        dialect: words.text(40),
        /* Encrypted. */
        api_key: words.longtext,
        key_ending: words.text(8),
        deployment_id: words.id,
        /* Of a served model: its address is a loopback port of this node alone. */
        node_id: words.id,
      }),
      words.createIndex('connection_name', 'connection', ['name_key'], true),
      words.createIndex('connection_order', 'connection', ['created_at', 'id']),
      words.createTable('model', {
        id: `${words.id} not null primary key`,
        ...defaultResourceColumns(words),
        name: `${words.text(200)} not null`,
        name_key: `${words.text(200)} not null`,
        connection_id: `${words.id} not null`,
        provider_model: `${words.text(300)} not null`,
        context_window: words.int,
        reasoning_profile: `${words.text(20)} not null`,
        parameters: `${words.json} not null`,
        deployment_id: words.id,
        is_off: `${words.bool} not null`,
        last_ok_at: words.time,
        last_error: words.json,
        last_error_at: words.time,
        first_token_ms: words.double,
        tokens_per_second: words.double,
      }),
      words.createIndex('model_name', 'model', ['name_key'], true),
      words.createIndex('model_connection', 'model', ['connection_id']),
      words.createIndex('model_order', 'model', ['created_at', 'id']),
    ],
  },
  {
    id: 'models.002-price-and-capabilities',
    statements: (words) => [
      words.addColumn('model', 'kind', `${words.text(20)} not null default 'chat'`),
      words.addColumn('model', 'is_disabled', `${words.bool} not null default 0`),
      words.addColumn('model', 'max_output', words.int),
      words.addColumn('model', 'capabilities', words.json),
      words.addColumn('model', 'price', words.json),
    ],
  },
  {
    id: 'models.003-failures-and-pulls',
    statements: (words) => [
      words.createTable('model_failure', {
        id: `${words.id} not null primary key`,
        model_id: `${words.id} not null`,
        connection_id: `${words.id} not null`,
        code: `${words.text(100)} not null`,
        params: `${words.json} not null`,
        failed_at: `${words.time} not null`,
      }),
      words.createIndex('model_failure_model', 'model_failure', ['model_id', 'failed_at']),
      words.createIndex('model_failure_connection', 'model_failure', ['connection_id', 'failed_at']),
      words.createTable('model_pull', {
        id: `${words.id} not null primary key`,
        connection_id: `${words.id} not null`,
        name: `${words.text(300)} not null`,
        /* Connection and name while it lives: one pull of a model at a time. */
        live_key: words.text(350),
        job_id: words.id,
        owner_id: `${words.id} not null`,
        state: `${words.text(20)} not null`,
        phase: words.text(200),
        completed_bytes: words.bigint,
        total_bytes: words.bigint,
        error: words.json,
        created_at: `${words.time} not null`,
        ended_at: words.time,
      }),
      words.createIndex('model_pull_live', 'model_pull', ['live_key'], true),
      words.createIndex('model_pull_connection', 'model_pull', ['connection_id', 'created_at']),
    ],
  },
]
