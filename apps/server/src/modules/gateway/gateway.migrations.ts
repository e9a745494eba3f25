import type { Migration } from '../../platform/db/index.ts'

export const gatewayMigrations: Migration[] = [
  {
    /* The last calls, of everyone and of one person. */
    id: 'gateway.001-last-calls',
    statements: (words) => [
      words.createIndex('model_call_via', 'model_call', ['via', 'id']),
      words.createIndex('model_call_user_via', 'model_call', ['user_id', 'via', 'id']),
    ],
  },
]
