import { translate } from '../errors.ts'
import { compileNow, type Query } from '../query.ts'
import type { Connection } from './connection.ts'
import type { Changes, Tx } from '../types.ts'

/** One transaction on the writing connection; a statement that fails ends it. */
export class SqliteTx implements Tx {
  readonly dialect = 'sqlite'
  readonly after: (() => void)[] = []
  failure: { error: unknown } | null = null
  ended = false
  private readonly connection: Connection

  constructor(connection: Connection) {
    this.connection = connection
  }

  async all<P, R>(query: Query<P, R>, params: P): Promise<R[]> {
    return this.attempt(() => {
      const compiled = query.compiled('sqlite')
      return this.connection.all<R>(compiled, compiled.bind(params))
    })
  }

  async first<P, R>(query: Query<P, R>, params: P): Promise<R | undefined> {
    return this.attempt(() => {
      const compiled = query.compiled('sqlite')
      return this.connection.get<R>(compiled, compiled.bind(params))
    })
  }

  async run<P>(query: Query<P, unknown>, params: P): Promise<Changes> {
    return this.attempt(() => {
      const compiled = query.compiled('sqlite')
      return this.connection.run(compiled, compiled.bind(params))
    })
  }

  async dynamic<T, R>(build: Parameters<typeof compileNow<T>>[1]): Promise<R[]> {
    return this.attempt(() => {
      const { statement, values } = compileNow('sqlite', build)
      return this.connection.all<R>(statement, values)
    })
  }

  async runDynamic<T>(build: Parameters<typeof compileNow<T>>[1]): Promise<Changes> {
    return this.attempt(() => {
      const { statement, values } = compileNow('sqlite', build)
      return this.connection.run(statement, values)
    })
  }

  afterCommit(work: () => void): void {
    this.after.push(work)
  }

  private attempt<T>(work: () => T): T {
    if (this.ended) throw new Error('This transaction has ended: something of it was not awaited.')
    if (this.failure) throw this.failure.error
    try {
      return work()
    } catch (error) {
      this.failure = { error: translate('sqlite', error) }
      throw this.failure.error
    }
  }
}
