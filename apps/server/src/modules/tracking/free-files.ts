import type { Platform } from '../../platform/context.ts'
import { deleteMediaOf, mediaHeads } from './media.repo.ts'
import { deleteRunFile, filesOfRun } from './run-files.repo.ts'

const atOnce = 100

/** Frees the media and saved files of a run; whether there were any. One that is interrupted goes on the next time. */
export async function freeFiles(platform: Platform, runId: string, signal?: AbortSignal): Promise<boolean> {
  const { db, files } = platform
  let freed = false
  for (;;) {
    signal?.throwIfAborted()
    const rows = await db.read.all(filesOfRun, { run_id: runId, limit: atOnce })
    if (rows.length === 0) break
    // The bytes first: a row without them is met again, bytes without a row never.
    for (const { file_id } of rows) if (file_id !== null) await files.remove(file_id)
    await db.transaction(async (tx) => {
      for (const { id } of rows) await tx.run(deleteRunFile, { id })
    })
    freed = true
  }
  if (!(await db.read.first(mediaHeads, { run_id: runId }))) return freed
  await db.transaction((tx) => tx.run(deleteMediaOf, { run_id: runId }))
  return true
}
