import type { Db } from '../db/index.ts'
import { newId } from '../ids.ts'
import type { Log } from '../log/index.ts'
import type { ChangeRow, Events, Ready } from './index.ts'
import { insertChange } from './index.ts'
import type { Sees } from './subscriber.ts'

/** Keeps what is complained of, for a test to look at. */
export function listeningLog(): Log & { complaints: string[] } {
  const complaints: string[] = []
  const log: Log & { complaints: string[] } = {
    complaints,
    debug: () => {},
    info: () => {},
    warn: (text) => void complaints.push(text),
    error: (text) => void complaints.push(text),
    child: () => log,
    flush: () => {},
  }
  return log
}

/** Commits one change of `resource`; `before` is done within its transaction, after the change is written. */
export function change(db: Db, events: Events | null, resource: string, before?: () => Promise<void>) {
  return db.transaction(async (tx) => {
    await tx.run(insertChange, {
      id: newId(),
      kind: 'thing',
      resource_id: resource,
      change_kind: 'updated',
      owner_id: null,
      visibility: 'everyone',
      permission: null,
      data: null,
      created_at: Date.now(),
    })
    await before?.()
    if (events) tx.afterCommit(() => events.committed())
  })
}

/** Subscribes, and keeps what is heard. */
export async function listen(events: Events, options: { after?: number; sees?: Sees } = {}) {
  const rows: ChangeRow[] = []
  let ready: Ready | undefined
  const { sees = () => true, ...after } = options
  const subscription = await events.subscribe(
    { ...after, sees },
    (more) => rows.push(...more),
    (how) => (ready = how),
  )
  return {
    rows,
    ready: ready as Ready,
    close: () => subscription.close(),
    ids: () => rows.map((row) => row.id),
    numbers: () => rows.map((row) => row.number),
  }
}
