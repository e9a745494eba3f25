import type { Migration } from '../../platform/db/index.ts'

export const usageMigrations: Migration[] = [
  {
    id: 'usage.001-model-call',
    statements: (words) => [
      words.createTable('model_call', {
        id: `${words.id} not null primary key`,
        user_id: words.id,
        key_id: words.id,
        model_id: words.id,
        connection_id: words.id,
        model_name: `${words.text(200)} not null`,
        via: `${words.text(20)} not null`,
        outcome: `${words.text(20)} not null`,
        error_code: words.text(100),
        input_tokens: words.int,
        cached_input_tokens: words.int,
        reasoning_tokens: words.int,
        output_tokens: words.int,
        first_token_ms: words.double,
        duration_ms: words.double,
        cost_micros: words.bigint,
        currency: words.text(8),
        started_at: `${words.time} not null`,
      }),
      words.createIndex('model_call_started', 'model_call', ['started_at']),
      words.createIndex('model_call_user', 'model_call', ['user_id', 'started_at']),
      words.createIndex('model_call_model', 'model_call', ['model_id', 'started_at']),
    ],
  },
  {
    /* When a row was written: what is closed by then stays as it is, however long its call took. */
    id: 'usage.002-recorded-at',
    statements: (words) => [
      words.addColumn('model_call', 'recorded_at', words.time),
      'update model_call set recorded_at = started_at where recorded_at is null',
      words.createIndex('model_call_recorded', 'model_call', ['recorded_at']),
    ],
  },
  {
    id: 'usage.003-quarters',
    statements: (words) => [
      words.createTable('usage_quarter', {
        id: `${words.id} not null primary key`,
        /* Beginning of a quarter of an hour, UTC. */
        quarter: `${words.time} not null`,
        user_id: words.id,
        key_id: words.id,
        model_id: words.id,
        model_name: `${words.text(200)} not null`,
        via: `${words.text(20)} not null`,
        currency: words.text(8),
        requests: `${words.int} not null`,
        errors: `${words.int} not null`,
        unpriced: `${words.int} not null`,
        input_tokens: `${words.bigint} not null`,
        cached_input_tokens: `${words.bigint} not null`,
        reasoning_tokens: `${words.bigint} not null`,
        output_tokens: `${words.bigint} not null`,
        cost_micros: `${words.bigint} not null`,
      }),
      words.createIndex('usage_quarter_time', 'usage_quarter', ['quarter']),
      words.createIndex('usage_quarter_user', 'usage_quarter', ['user_id', 'quarter']),
      /* How many first tokens came after about 1.03 to the power of `bucket` milliseconds. */
      words.createTable('usage_first_token', {
        id: `${words.id} not null primary key`,
        quarter: `${words.time} not null`,
        user_id: words.id,
        bucket: `${words.int} not null`,
        calls: `${words.int} not null`,
      }),
      words.createIndex('usage_first_token_time', 'usage_first_token', ['quarter']),
      words.createTable('usage_mark', {
        id: `${words.text(20)} not null primary key`,
        /* What was recorded before is in the quarters. */
        until: `${words.time} not null`,
      }),
    ],
  },
  {
    /* How often a version of a prompt is used, also by calls that have no other row than this. */
    id: 'usage.004-prompt-version',
    statements: (words) => [
      words.addColumn('model_call', 'prompt_version_id', words.id),
      words.createIndex('model_call_prompt_version', 'model_call', ['prompt_version_id', 'started_at']),
    ],
  },
]
