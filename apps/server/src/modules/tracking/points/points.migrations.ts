import type { Migration, Words } from '../../../platform/db/index.ts'

function tables(words: Words): string[] {
  const id = `${words.id} not null`
  const count = `${words.int} not null`
  const place = `${words.bigint} not null`
  const bytes = `${words.blob} not null`
  return [
    words.createTable('points_run', {
      run_id: `${id} primary key`,
      arrivals: count,
      line_count: count,
      last_epoch: words.bigint,
      last_line_time: words.bigint,
      /* Blocks of lines that are still gathered, and their bytes. */
      open_blocks: count,
      open_bytes: count,
    }),
    words.createTable('points_series', {
      id: `${id} primary key`,
      run_id: id,
      series_key: `${words.text(512)} not null`,
      type: `${words.text(20)} not null`,
      points: place,
      last_step: words.bigint,
      last_value: words.double,
      last_time: words.bigint,
      sealed_step: words.bigint,
      tail_points: count,
      fragments: count,
    }),
    words.createIndex('points_series_key', 'points_series', ['run_id', 'series_key'], true),
    words.createTable('points_fragment', { series_id: id, place: count, bytes }, [
      'primary key (series_id, place)',
    ]),
    words.createTable(
      'points_chunk',
      {
        series_id: id,
        first_step: place,
        last_step: place,
        points: count,
        finite: count,
        min_value: words.double,
        max_value: words.double,
        sum_value: words.double,
        first_time: place,
        min_time: place,
        max_time: place,
        summaries: bytes,
      },
      ['primary key (series_id, first_step)'],
    ),
    /* Apart from the chunk's row, so that charts pass it by. */
    words.createTable('points_data', { series_id: id, first_step: place, bytes }, [
      'primary key (series_id, first_step)',
    ]),
    words.createTable(
      'points_lines',
      {
        run_id: id,
        first_epoch: place,
        first_time: place,
        last_epoch: place,
        last_time: place,
        line_count: count,
        open: `${words.bool} not null`,
        bytes,
      },
      ['primary key (run_id, first_epoch, first_time)'],
    ),
  ]
}

const id = 'points.001-tables'

/** The tables of points and lines, in a file of their own. */
export const pointsFileMigrations: readonly Migration[] = [{ id, statements: tables }]

/** The same within a database server's database; with SQLite they have their own file. */
export const pointsMigrations: readonly Migration[] = [
  { id, statements: (words) => (words.dialect === 'sqlite' ? [] : tables(words)) },
]
