import type { Migration } from '../../platform/db/index.ts'
import { defaultResourceColumns } from '../auth/index.ts'

export const chatMigrations: Migration[] = [
  {
    id: 'chat.001-conversation',
    statements: (words) => [
      words.createTable('conversation', {
        id: `${words.id} not null primary key`,
        ...defaultResourceColumns(words),
        title: `${words.text(200)} not null`,
        model_id: words.id,
        system_prompt: `${words.longtext} not null`,
        parameters: `${words.json} not null`,
        live_generation_id: words.id,
        used_at: `${words.time} not null`,
      }),
      words.createIndex('conversation_used', 'conversation', ['owner_id', 'deleted_at', 'used_at', 'id']),
      words.createTable('message', {
        id: `${words.id} not null primary key`,
        conversation_id: `${words.id} not null`,
        parent_id: words.id,
        role: `${words.text(20)} not null`,
        text: words.longtext,
        generation_id: words.id,
        created_at: `${words.time} not null`,
      }),
      words.createIndex('message_conversation', 'message', ['conversation_id', 'id']),
    ],
  },
  {
    /* A prompt in place of a system prompt of its own; without a version, whatever is in production. */
    id: 'chat.002-prompt',
    statements: (words) => [
      words.addColumn('conversation', 'prompt_id', words.id),
      words.addColumn('conversation', 'prompt_version', words.int),
      words.addColumn('conversation', 'prompt_variables', words.json),
      words.createIndex('conversation_prompt', 'conversation', ['prompt_id', 'deleted_at']),
    ],
  },
]
