import {
  DummyDriver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Dialect } from './types.ts'

const dialects = {
  sqlite: [SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler],
  mysql: [MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler],
  postgres: [PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler],
} as const

function make(dialect: Dialect): Kysely<unknown> {
  const [Adapter, Introspector, Compiler] = dialects[dialect]
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => new Adapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new Introspector(db),
      createQueryCompiler: () => new Compiler(),
    },
  })
}

const builders: Record<Dialect, Kysely<unknown>> = {
  sqlite: make('sqlite'),
  mysql: make('mysql'),
  postgres: make('postgres'),
}

/** Builds and compiles queries of a dialect; it has no connection and runs none. */
export function builder<T>(dialect: Dialect): Kysely<T> {
  // The builder keeps no state of the tables' types.
  return builders[dialect] as Kysely<T>
}
