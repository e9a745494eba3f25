import path from 'node:path'
import { StartError } from '../start-error.ts'
import { type FileLock, lockFile } from './file-lock.ts'
import { openMysql } from './mysql.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite/open.ts'
import type { Db } from './types.ts'

export interface OpenDatabaseOptions {
  /** `sqlite:<file>`, `mysql://…` or `postgres://…`. */
  url: string
  /** One server at a time uses it. */
  dataFolder: string
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0])
  return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)
}

function serverError(url: string, error: unknown): StartError {
  const { host, pathname } = new URL(url)
  return new StartError(
    `The database ${pathname.slice(1)} at ${host} cannot be opened: ${reasonOf(error)}. Check ANNEAL_DATABASE_URL.`,
  )
}

async function open(url: string, locks: FileLock[]): Promise<Db> {
  if (url.startsWith('sqlite:')) {
    const file = url.slice('sqlite:'.length)
    locks.push(lockFile(`${file}.lock`, `The database file ${file} is used by another server that runs.`))
    try {
      return openSqlite(file)
    } catch (error) {
      throw new StartError(`The database file ${file} cannot be opened: ${reasonOf(error)}.`)
    }
  }
  try {
    return url.startsWith('mysql:') ? await openMysql(url) : await openPostgres(url)
  } catch (error) {
    throw serverError(url, error)
  }
}

/** Opens the database; the data folder, and SQLite's file, are this process's alone until it is closed. */
export async function openDatabase({ url, dataFolder }: OpenDatabaseOptions): Promise<Db> {
  const locks = [
    lockFile(
      path.join(dataFolder, 'server.lock'),
      `The data folder ${dataFolder} is used by another server that runs. Stop it, or choose another folder with ANNEAL_DATA.`,
    ),
  ]
  const release = () => locks.forEach((lock) => lock.release())
  try {
    const db = await open(url, locks)
    return {
      ...db,
      close: async () => {
        await db.close()
        release()
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

/** For a thread of the server that holds the lock: a database, or a file of its own, of which it has connections. */
export async function openInThread(url: string): Promise<Db> {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length))
  return url.startsWith('mysql:') ? openMysql(url) : openPostgres(url)
}
