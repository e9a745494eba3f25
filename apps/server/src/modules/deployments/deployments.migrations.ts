import type { Migration } from '../../platform/db/index.ts'
import { defaultResourceColumns } from '../auth/index.ts'

export const deploymentsMigrations: Migration[] = [
  {
    id: 'deployments.001-deployment',
    statements: (words) => [
      words.createTable('deployment', {
        id: `${words.id} not null primary key`,
        ...defaultResourceColumns(words),
        name: `${words.text(200)} not null`,
        /* The lower-cased name, or the id of a deleted row. */
        name_key: `${words.text(200)} not null`,
        node_id: `${words.id} not null`,
        /* What is, and what is wanted: `serve` or `stop`. */
        state: `${words.text(20)} not null`,
        desired: `${words.text(10)} not null`,
        source: `${words.json} not null`,
        source_name: `${words.text(400)} not null`,
        training_run_id: words.id,
        /* The folder or hub id that is loaded, once it is there. */
        model: words.text(1000),
        /* To be merged into this base first. */
        adapter: words.text(1000),
        base: words.text(1000),
        /* What clients name the model; the process knows no other. */
        served_name: `${words.text(300)} not null`,
        model_id: words.id,
        port: words.int,
        process: words.json,
        restarts: `${words.int} not null`,
        restart_times: `${words.json} not null`,
        next_restart_at: words.time,
        error: words.json,
        serving_since: words.time,
      }),
      words.createIndex('deployment_name', 'deployment', ['name_key'], true),
      words.createIndex('deployment_order', 'deployment', ['created_at', 'id']),
      words.createIndex('deployment_node', 'deployment', ['node_id', 'state']),
    ],
  },
]
