import Database from 'better-sqlite3'
import { StartError } from '../start-error.ts'
import { isBusy } from './errors.ts'

/** Held by the operating system for this process alone, and given up when it ends, however it ends. */
export interface FileLock {
  release(): void
}

function open(file: string): Database.Database {
  try {
    return new Database(file, { timeout: 0 })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(`The lock file ${file} cannot be opened: ${reason}.`)
  }
}

/** Takes a lock file for this process. */
export function lockFile(file: string, takenMessage: string): FileLock {
  const lock = open(file)
  try {
    lock.pragma('journal_mode = DELETE')
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if (isBusy(error)) throw new StartError(takenMessage)
    throw error
  }
  return { release: () => lock.close() }
}
