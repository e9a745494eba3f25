import type { Migration } from '../../platform/db/index.ts'
import { defaultResourceColumns } from '../auth/index.ts'

export const compareMigrations: Migration[] = [
  {
    id: 'compare.001-comparison',
    statements: (words) => [
      words.createTable('comparison', {
        id: `${words.id} not null primary key`,
        ...defaultResourceColumns(words),
        title: `${words.text(200)} not null`,
        shared: `${words.json} not null`,
        /* In order; a pane's id is the subject of its answers, so one at a time is made in each. */
        panes: `${words.json} not null`,
        used_at: `${words.time} not null`,
      }),
      words.createIndex('comparison_used', 'comparison', ['owner_id', 'deleted_at', 'used_at', 'id']),
      words.createTable('comparison_turn', {
        id: `${words.id} not null primary key`,
        comparison_id: `${words.id} not null`,
        text: `${words.longtext} not null`,
        created_at: `${words.time} not null`,
      }),
      words.createIndex('comparison_turn_order', 'comparison_turn', ['comparison_id', 'id']),
      words.createTable('comparison_answer', {
        id: `${words.id} not null primary key`,
        comparison_id: `${words.id} not null`,
        turn_id: `${words.id} not null`,
        pane_id: `${words.id} not null`,
        model_id: words.id,
        model_name: `${words.text(200)} not null`,
        /* Null where the model could not be called; `error` then says why. */
        generation_id: words.id,
        error: words.json,
        created_at: `${words.time} not null`,
        /* Of several tries the one that was chosen last is the pane's answer; a new try counts as chosen. */
        chosen_at: `${words.time} not null`,
      }),
      words.createIndex('comparison_answer_turn', 'comparison_answer', ['comparison_id', 'turn_id']),
      words.createIndex('comparison_answer_generation', 'comparison_answer', ['generation_id']),
      words.createTable('comparison_vote', {
        id: `${words.id} not null primary key`,
        comparison_id: `${words.id} not null`,
        turn_id: `${words.id} not null`,
        voter_id: `${words.id} not null`,
        choice: `${words.text(20)} not null`,
        pane_id: words.id,
        /* The answers that stood there when the vote was given. */
        answer_ids: `${words.json} not null`,
        voted_at: `${words.time} not null`,
      }),
      words.createIndex('comparison_vote_once', 'comparison_vote', ['turn_id', 'voter_id'], true),
      words.createIndex('comparison_vote_comparison', 'comparison_vote', ['comparison_id', 'turn_id']),
    ],
  },
]
