import type { Db } from '../db/index.ts'
import type { Log } from '../log/index.ts'
import { Events } from './events.ts'

export type { ChangeRow } from './change-row.ts'
export type { Ready, Subscription } from './events.ts'
export { eventsMigrations, insertChange } from './outbox.repo.ts'
export type { TopicHandler } from './topics.ts'
export type { Events }

/** `holder`: this process among those on the database. Nothing is numbered before `start`. */
export function createEvents(options: { db: Db; log: Log; holder: string }): Events {
  return new Events(options.db, options.log, options.holder)
}
