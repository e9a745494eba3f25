import type { Platform } from '../../platform/context.ts'
import { deleteOldTickets } from './factors/factors.repo.ts'
import { deleteOldLinks } from './links.repo.ts'
import { deleteSessionRow, deleteTokensOf, sessionsOver } from './sessions.repo.ts'
import { deleteOldAttempts } from './throttle.repo.ts'
import { oldestAttempt } from './throttle.ts'

const hour = 3_600_000
const day = 24 * hour
/** An ended session is kept this long, so that a stolen token of it is still known for what it is. */
const kept = 30 * day
const atOnce = 200

/** Deletes sessions that ended long ago with their tokens, and links that nobody can use; says how many sessions. */
export async function pruneAuth(platform: Platform): Promise<number> {
  const now = platform.clock.now()
  const before = now - kept
  let pruned = 0
  for (;;) {
    const rows = await platform.db.read.all(sessionsOver, { before, limit: atOnce })
    await platform.db.transaction(async (tx) => {
      for (const { id } of rows) {
        await tx.run(deleteTokensOf, { sessionId: id })
        await tx.run(deleteSessionRow, { id })
      }
      await tx.run(deleteOldLinks, { before })
      await tx.run(deleteOldTickets, { before: now - hour })
      await tx.run(deleteOldAttempts, { before: now - oldestAttempt })
    })
    pruned += rows.length
    if (rows.length < atOnce) return pruned
  }
}

/** Prunes now and every hour; returns a function that ends it. Two servers that do so at once do no harm. */
export function keepPruning(platform: Platform): () => Promise<void> {
  let running = Promise.resolve()
  const prune = () => {
    running = pruneAuth(platform).then(
      () => undefined,
      (error: unknown) => platform.log.warn('old sessions were not deleted', { error }),
    )
  }
  prune()
  const timer = setInterval(prune, hour)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}
