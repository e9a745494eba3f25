import { type Platform, systemContext } from '../../../platform/context.ts'
import { pruneSessions } from '../tracking.repo.ts'
import { pruneExports } from './api/api.repo.ts'
import { forgetOldUploads } from './complete-files.ts'

const hour = 3_600_000

/** Removes sessions that have ended, exports whose links have, and uploads that were left half-done. */
export async function pruneSwanlab(platform: Platform): Promise<void> {
  const now = platform.clock.now()
  await platform.db.transaction(async (tx) => {
    await tx.run(pruneSessions, { before: now })
    await tx.run(pruneExports, { before: now - 2 * hour })
  })
  await forgetOldUploads(systemContext(platform, 'tracking'))
}

/** Prunes now and every hour; returns a function that ends it. Two servers that do so at once do no harm. */
export function keepPruning(platform: Platform): () => Promise<void> {
  let running = Promise.resolve()
  const prune = () => {
    running = pruneSwanlab(platform).catch((error: unknown) =>
      platform.log.warn('old sessions and uploads were not removed', { error }),
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
