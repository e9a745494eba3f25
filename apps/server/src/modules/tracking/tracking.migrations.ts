import type { Migration } from '../../platform/db/index.ts'
import { defaultResourceColumns } from '../auth/index.ts'

export const trackingMigrations: Migration[] = [
  {
    id: 'tracking.001-projects-runs-points',
    statements: (words) => [
      words.createTable('project', {
        id: `${words.id} not null primary key`,
        ...defaultResourceColumns(words),
        workspace: `${words.text(25)} not null`,
        name: `${words.text(100)} not null`,
      }),
      words.createIndex('project_name', 'project', ['workspace', 'name'], true),
      words.createTable('tracked_run', {
        id: `${words.id} not null primary key`,
        ...defaultResourceColumns(words),
        project_id: `${words.id} not null`,
        /* The id that the SDK gave it; unique within its project. */
        cuid: `${words.text(100)} not null`,
        name: `${words.text(200)} not null`,
        description: words.longtext,
        colors: words.json,
        /* announced: it is expected, and no SDK has spoken for it yet. */
        state: `${words.text(20)} not null`,
        profile: `${words.json} not null`,
        training_run_id: words.id,
        arrivals: `${words.int} not null`,
        heartbeat_at: words.time,
        started_at: words.time,
        finished_at: words.time,
      }),
      words.createIndex('tracked_run_cuid', 'tracked_run', ['project_id', 'cuid'], true),
      words.createIndex('tracked_run_any_cuid', 'tracked_run', ['cuid']),
      words.createTable('tracked_series', {
        id: `${words.id} not null primary key`,
        run_id: `${words.id} not null`,
        series_key: `${words.text(512)} not null`,
        type: `${words.text(20)} not null`,
        points: `${words.int} not null`,
        last_step: words.bigint,
        last_value: words.double,
        last_time: words.time,
      }),
      words.createIndex('tracked_series_key', 'tracked_series', ['run_id', 'series_key'], true),
      words.createTable(
        'tracked_point',
        {
          series_id: `${words.id} not null`,
          step: `${words.bigint} not null`,
          value: words.double,
          time: `${words.time} not null`,
          run_id: `${words.id} not null`,
          arrival: `${words.int} not null`,
        },
        ['primary key (series_id, step)'],
      ),
      words.createIndex('tracked_point_arrival', 'tracked_point', ['run_id', 'arrival']),
      words.createTable(
        'tracked_line',
        {
          run_id: `${words.id} not null`,
          epoch: `${words.int} not null`,
          time: `${words.time} not null`,
          level: `${words.text(10)} not null`,
          message: `${words.longtext} not null`,
        },
        ['primary key (run_id, epoch, time)'],
      ),
      words.createTable('tracking_session', {
        sid_hash: `${words.text(64)} not null primary key`,
        key_hash: `${words.text(64)} not null`,
        expires_at: `${words.time} not null`,
        /* Data of an ended key is dropped; said once in the audit. */
        dropped_at: words.time,
      }),
    ],
  },
]
