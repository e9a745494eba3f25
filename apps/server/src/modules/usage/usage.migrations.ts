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
]
