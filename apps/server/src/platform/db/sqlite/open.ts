import Database from 'better-sqlite3'
import { isBusy, translate } from '../errors.ts'
import { compileNow } from '../query.ts'
import type { Db, Reader } from '../types.ts'
import { wordsOf } from '../words.ts'
import { Connection, whileBusy } from './connection.ts'
import { ReaderThreads } from './reader-thread.ts'
import { Writer } from './writer.ts'

function readerOf(connection: Connection): Reader {
  const attempt = async <T>(work: () => T): Promise<T> => {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error)) throw translate('sqlite', error)
    }
    return whileBusy(work)
  }
  return {
    dialect: 'sqlite',
    all: (query, params) =>
      attempt(() => {
        const compiled = query.compiled('sqlite')
        return connection.all(compiled, compiled.bind(params))
      }),
    first: (query, params) =>
      attempt(() => {
        const compiled = query.compiled('sqlite')
        return connection.get(compiled, compiled.bind(params))
      }),
    dynamic: (build) =>
      attempt(() => {
        const { statement, values } = compileNow('sqlite', build)
        return connection.all(statement, values)
      }),
  }
}

function connect(file: string, readonly: boolean): Connection {
  const database = new Database(file, { timeout: 0, readonly })
  database.pragma('mmap_size = 268435456')
  database.pragma('cache_size = -16000')
  if (!readonly) {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
  }
  return new Connection(database)
}

/** An embedded database in one file: a connection that writes, and one that reads and is never held up by it. */
export function openSqlite(file: string): Db {
  const writing = connect(file, false)
  const reading = connect(file, true)
  const writer = new Writer(writing)
  const slow = new ReaderThreads(file)
  const version = writing.database.prepare('select sqlite_version() as v').get() as { v: string }
  return {
    dialect: 'sqlite',
    product: `SQLite ${version.v}`,
    words: wordsOf('sqlite', { mysql: '' }),
    read: readerOf(reading),
    slow,
    transaction: (work) => writer.add(work),
    execute: async (statement) => {
      await whileBusy(() => writing.database.exec(statement))
    },
    /* One server has the file, by its lock. */
    exclusively: (work) => work(),
    ping: async () => {
      await whileBusy(() => reading.database.prepare('select 1').get())
    },
    close: async () => {
      await writer.idle()
      await slow.close()
      reading.database.close()
      writing.database.close()
    },
  }
}
