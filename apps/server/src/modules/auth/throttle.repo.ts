import { sql } from 'kysely'
import { defineQuery } from '../../platform/db/index.ts'
import type { AuthTables } from './auth.tables.ts'
import type { AttemptRow } from './factors/factors.tables.ts'

const query = defineQuery<AuthTables>()

export const attemptById = query<{ id: string }, AttemptRow>((k, p) =>
  k.selectFrom('auth_attempt').selectAll().where('id', '=', p.id),
)

/** Counts one more failure, or the first after a quiet while; the row is held until the transaction ends. */
export const countAttempt = query<{ id: string; now: number; quietSince: number }, unknown>(
  (k, p, dialect) => {
    // In this order: MySQL sees what was set before.
    const next = {
      failures: sql<number>`case when auth_attempt.last_at < ${p.quietSince} then 1 else auth_attempt.failures + 1 end`,
      last_at: p.now,
    }
    const insert = k
      .insertInto('auth_attempt')
      .values({ id: p.id, failures: 1, last_at: p.now, blocked_until: 0 })
    return dialect === 'mysql'
      ? insert.onDuplicateKeyUpdate(next)
      : insert.onConflict((on) => on.column('id').doUpdateSet(next))
  },
)

export const blockAttempts = query<{ id: string; until: number }, unknown>((k, p) =>
  k.updateTable('auth_attempt').set({ blocked_until: p.until }).where('id', '=', p.id),
)

export const forgetAttempts = query<{ id: string }, unknown>((k, p) =>
  k.deleteFrom('auth_attempt').where('id', '=', p.id),
)

/** Takes one counted failure back. */
export const forgiveAttempt = query<{ id: string }, unknown>((k, p) =>
  k
    .updateTable('auth_attempt')
    .set({ failures: sql<number>`failures - 1`, blocked_until: 0 })
    .where('id', '=', p.id)
    .where('failures', '>', 0),
)

export const deleteOldAttempts = query<{ before: number }, unknown>((k, p) =>
  k.deleteFrom('auth_attempt').where('last_at', '<', p.before),
)
