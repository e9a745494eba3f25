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
  {
    id: 'tracking.010-media-files',
    statements: (words) => [
      words.createTable(
        'tracked_media',
        {
          run_id: `${words.id} not null`,
          series_key: `${words.text(512)} not null`,
          step: `${words.bigint} not null`,
          time: `${words.time} not null`,
          data: `${words.json} not null`,
          more: `${words.json} not null`,
        },
        ['primary key (run_id, series_key, step)'],
      ),
      words.createTable(
        'project_series',
        {
          project_id: `${words.id} not null`,
          series_key: `${words.text(512)} not null`,
          type: `${words.text(20)} not null`,
          name: words.text(512),
          section: words.text(512),
          x_axis: words.text(512),
          hidden: `${words.bool} not null`,
        },
        ['primary key (project_id, series_key)'],
      ),
      words.createTable('tracked_file', {
        id: `${words.id} not null primary key`,
        run_id: `${words.id} not null`,
        kind: `${words.text(10)} not null`,
        path: `${words.longtext} not null`,
        path_hash: `${words.text(64)} not null`,
        file_id: words.id,
        bytes: words.bigint,
        content_type: `${words.text(200)} not null`,
        md5: words.text(32),
        state: `${words.text(10)} not null`,
        created_at: `${words.time} not null`,
      }),
      words.createIndex('tracked_file_path', 'tracked_file', ['run_id', 'path_hash'], true),
      words.createIndex('tracked_file_listed', 'tracked_file', ['run_id', 'kind', 'created_at', 'id']),
      words.createTable('tracked_upload', {
        id: `${words.id} not null primary key`,
        run_file_id: `${words.id} not null`,
        parts: `${words.int} not null`,
        bytes: `${words.bigint} not null`,
        created_at: `${words.time} not null`,
      }),
      words.createIndex('tracked_upload_age', 'tracked_upload', ['created_at']),
      words.createTable(
        'tracked_upload_part',
        {
          upload_id: `${words.id} not null`,
          part_number: `${words.int} not null`,
          file_id: `${words.id} not null`,
          bytes: `${words.bigint} not null`,
        },
        ['primary key (upload_id, part_number)'],
      ),
      words.createTable('tracked_export', {
        id: `${words.id} not null primary key`,
        owner_id: `${words.id} not null`,
        request: `${words.json} not null`,
        created_at: `${words.time} not null`,
      }),
      /* What the SDK calls tags, job type and group. */
      words.addColumn('tracked_run', 'labels', words.json),
      words.addColumn('tracked_run', 'job', words.text(200)),
      words.addColumn('tracked_run', 'cluster', words.text(200)),
      words.createIndex('tracking_session_end', 'tracking_session', ['expires_at']),
    ],
  },
  {
    id: 'tracking.020-shown',
    statements: (words) => [
      words.addColumn('project', 'description', words.longtext),
      /* A deleted project gives its name free; this is what it is restored under. */
      words.addColumn('project', 'former_name', words.text(100)),
      words.addColumn('tracked_run', 'colour', words.int),
      /* The configuration, flat: what lists show, sort and filter by without reading whole profiles. */
      words.addColumn('tracked_run', 'settings', words.json),
      words.createIndex('tracked_run_project', 'tracked_run', ['project_id', 'created_at']),
    ],
  },
  {
    id: 'tracking.030-dropped-calls',
    statements: (words) => [
      /* Calls whose data was dropped since the key had ended. */
      words.addColumn('tracking_session', 'dropped_calls', words.int),
    ],
  },
]
