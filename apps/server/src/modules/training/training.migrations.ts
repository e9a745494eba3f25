import type { Migration } from '../../platform/db/index.ts'
import { defaultResourceColumns } from '../auth/index.ts'

export const trainingMigrations: Migration[] = [
  {
    id: 'training.001-run',
    statements: (words) => [
      words.createTable('training_run', {
        id: `${words.id} not null primary key`,
        ...defaultResourceColumns(words),
        name: `${words.text(200)} not null`,
        /* Lower-cased, for searching. */
        name_key: `${words.text(200)} not null`,
        node_id: `${words.id} not null`,
        /* What is, and what is wanted: `run` or `stop`. */
        state: `${words.text(20)} not null`,
        desired: `${words.text(10)} not null`,
        dataset_id: `${words.id} not null`,
        dataset_name: `${words.text(200)} not null`,
        dataset_version: `${words.int} not null`,
        base_model: `${words.json} not null`,
        tuning: `${words.json} not null`,
        settings: `${words.json} not null`,
        progress: `${words.json} not null`,
        phases: `${words.json} not null`,
        warnings: `${words.json} not null`,
        error: words.json,
        /* Pid, start time and boot of the trainer. */
        process: words.json,
        /* Where the next unread line of events.jsonl begins. */
        events_inode: `${words.bigint} not null`,
        events_offset: `${words.bigint} not null`,
        events_seq: `${words.bigint} not null`,
        tracked_run_id: words.id,
        servable: `${words.bool} not null`,
        started_at: words.time,
        ended_at: words.time,
      }),
      words.createIndex('training_run_order', 'training_run', ['created_at', 'id']),
      words.createIndex('training_run_node', 'training_run', ['node_id', 'state']),
      words.createTable('training_checkpoint', {
        id: `${words.id} not null primary key`,
        run_id: `${words.id} not null`,
        kind: `${words.text(20)} not null`,
        step: `${words.int} not null`,
        /* `full` or `adapter`. */
        form: `${words.text(10)} not null`,
        path: `${words.text(1000)} not null`,
        loss: words.double,
        bytes: words.bigint,
        created_at: `${words.time} not null`,
      }),
      words.createIndex('training_checkpoint_step', 'training_checkpoint', ['run_id', 'kind', 'step'], true),
      words.createTable('training_transition', {
        id: `${words.id} not null primary key`,
        run_id: `${words.id} not null`,
        from_state: `${words.text(20)} not null`,
        to_state: `${words.text(20)} not null`,
        at: `${words.time} not null`,
      }),
      words.createIndex('training_transition_run', 'training_transition', ['run_id', 'at']),
    ],
  },
  {
    id: 'training.002-resumed',
    statements: (words) => [
      words.addColumn('training_run', 'resumed_run_id', words.id),
      /* The name of that run when this one was started. */
      words.addColumn('training_run', 'resumed_name', words.text(200)),
      words.addColumn('training_run', 'resumed_checkpoint_id', words.id),
      words.addColumn('training_run', 'resumed_step', words.int),
    ],
  },
]
