import type { Compilable, Kysely } from 'kysely'
import type { Query } from './query.ts'

export type Dialect = 'sqlite' | 'mysql' | 'postgres'

export interface Reader {
  readonly dialect: Dialect
  all<P, R>(query: Query<P, R>, params: P): Promise<R[]>
  first<P, R>(query: Query<P, R>, params: P): Promise<R | undefined>
  /** For a query whose shape depends on the input: built and compiled on each call, its statement cached by text. */
  dynamic<T, R>(build: (k: Kysely<T>) => Compilable<R>): Promise<R[]>
}

export interface Changes {
  /** Rows matched, whether or not their values differ. */
  changes: number
}

export interface Tx extends Reader {
  run<P>(query: Query<P, unknown>, params: P): Promise<Changes>
  runDynamic<T>(build: (k: Kysely<T>) => Compilable<unknown>): Promise<Changes>
  /** Called once after the commit that is durable; never after a rollback. */
  afterCommit(work: () => void): void
}

export interface Db {
  readonly dialect: Dialect
  readonly read: Reader
  /** For searches, exports and statistics: on SQLite a thread of its own, so that nobody waits for them. */
  readonly slow: Reader
  /**
   * One transaction, READ COMMITTED or stricter. `work` awaits nothing but `tx`, and may be run again after a
   * deadlock. A statement that fails ends the transaction: catching its error does not save it.
   * On SQLite those that wait are committed together, with synchronous FULL.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** One statement without parameters, outside any transaction: DDL. */
  execute(statement: string): Promise<void>
  /** Runs `work` while no other server of this database may be inside (migrations). */
  exclusively<T>(work: () => Promise<T>): Promise<T>
  /** Rejects if the database does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
  /** 'SQLite 3.x', 'MariaDB 10.11.x' and so on. */
  readonly product: string
  readonly words: Words
}

/** What a column is called in the DDL of a dialect. */
export interface Words {
  readonly dialect: Dialect
  readonly id: string
  /** At most `n` characters; compared byte by byte, without padding. */
  text(n: number): string
  readonly longtext: string
  readonly int: string
  readonly bigint: string
  readonly double: string
  /** 0 or 1. */
  readonly bool: string
  readonly json: string
  /** Bytes, up to 16 MiB. */
  readonly blob: string
  /** Integer milliseconds. */
  readonly time: string
  createTable(name: string, columns: Record<string, string>, extra?: readonly string[]): string
  createIndex(name: string, table: string, columns: readonly string[], unique?: boolean): string
  addColumn(table: string, column: string, type: string): string
}

export interface Migration {
  /** '<module>.<three digits>-<what>', for example 'chat.001-conversation'. Never changed once released. */
  readonly id: string
  /** One statement a step; each may be run again (the words' own statements may). Append only. */
  statements(words: Words): string[]
}
