import type { Migration } from './types.ts'

/** One of each kind of statement. */
export const migratedTables: Migration[] = [
  {
    id: 'test.001-first',
    statements: (words) => [
      words.createTable('first', { id: `${words.id} not null primary key`, name: words.text(100) }),
      words.createIndex('first_name', 'first', ['name'], true),
    ],
  },
  {
    id: 'test.002-more',
    statements: (words) => [
      words.addColumn('first', 'count', `${words.int} not null default 0`),
      words.createTable('second', { id: `${words.id} not null primary key`, at: words.time }),
    ],
  },
]
