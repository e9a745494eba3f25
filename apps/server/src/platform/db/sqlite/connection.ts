import { setTimeout as wait } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import type { Bound } from '../bind.ts'
import { isBusy, translate } from '../errors.ts'
import type { Statement } from '../query.ts'
import type { Changes } from '../types.ts'

const busyPauseMs = 10
const busyForMs = 10_000

/** One connection, with its prepared statements. */
export class Connection {
  readonly database: Database.Database
  private readonly statements = new Map<string, Database.Statement>()

  constructor(database: Database.Database) {
    this.database = database
  }

  prepare({ sql, key }: Statement): Database.Statement {
    if (key === null) return this.database.prepare(sql)
    let statement = this.statements.get(key)
    if (!statement) this.statements.set(key, (statement = this.database.prepare(sql)))
    return statement
  }

  all<R>(statement: Statement, values: Bound[]): R[] {
    return this.prepare(statement).all(...values) as R[]
  }

  get<R>(statement: Statement, values: Bound[]): R | undefined {
    return this.prepare(statement).get(...values) as R | undefined
  }

  run(statement: Statement, values: Bound[]): Changes {
    return { changes: this.prepare(statement).run(...values).changes }
  }
}

/** Tries again while somebody else holds the file, without holding up the event loop. */
export async function whileBusy<T>(work: () => T): Promise<T> {
  const until = Date.now() + busyForMs
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || Date.now() > until) throw translate('sqlite', error)
    }
    await wait(busyPauseMs)
  }
}
