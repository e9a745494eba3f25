import { type Platform, systemContext } from '../../platform/context.ts'
import type { JobRun } from '../../platform/jobs/index.ts'
import { write } from '../../platform/write.ts'
import { longDeletedRuns } from './free-deleted.repo.ts'
import { freeFiles } from './free-files.ts'
import { pointsStore } from './points-store.ts'

const kind = 'tracking.free-points'
const day = 24 * 3_600_000
const everyMs = day / 4
const atOnce = 100

/** So long what was deleted can be restored; then what it holds is freed. */
export const keptDeletedMs = 7 * day

/** Frees points, log lines, media and files of runs that were deleted long ago, themselves or with their project. */
export async function freeDeleted(platform: Platform, signal?: AbortSignal): Promise<number> {
  const store = pointsStore(platform)
  const before = platform.clock.now() - keptDeletedMs
  let freed = 0
  for (let after = ''; ;) {
    const rows = await platform.db.read.all(longDeletedRuns, { before, after, limit: atOnce })
    for (const { id } of rows) {
      signal?.throwIfAborted()
      const hadFiles = await freeFiles(platform, id, signal)
      const hadPoints = (await store.number(id)) > 0
      if (hadPoints) await store.deleteRun(id)
      if (hadFiles || hadPoints) freed += 1
    }
    const last = rows.at(-1)
    if (!last) return freed
    after = last.id
  }
}

async function enqueue(platform: Platform): Promise<void> {
  const ctx = systemContext(platform, 'tracking')
  await write(
    ctx,
    async (tx) => {
      await platform.jobs.enqueue(tx, { kind, key: kind, payload: {}, ownerId: null })
    },
    { unaudited: 'the deletion is audited, what follows from it is not' },
  )
}

/** Looks now and every few hours; returns a function that ends it. */
export function keepFreeing(platform: Platform): () => void {
  const run = ({ ctx, signal }: JobRun) => freeDeleted(ctx.platform, signal)
  platform.jobs.define({ kind, concurrency: 1, run })
  const look = () => {
    enqueue(platform).catch((error: unknown) =>
      platform.log.warn('what deleted runs held was not freed', { error }),
    )
  }
  look()
  const timer = setInterval(look, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
