import type { Platform } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { insertChunk } from './generations.repo.ts'
import type { LiveGeneration } from './live-generation.ts'

/** Appends what came since the last save, all answers in one transaction: a killed server loses a second at most. */
export async function saveChunks(platform: Platform, running: Iterable<LiveGeneration>): Promise<void> {
  const chunks: { generation: LiveGeneration; lastSeq: number; events: string }[] = []
  for (const generation of running) {
    if (!generation.saved || generation.seq <= generation.savedSeq) continue
    const fresh = generation.events.slice(generation.savedSeq).map((numbered) => numbered.event)
    chunks.push({ generation, lastSeq: generation.seq, events: JSON.stringify(fresh) })
  }
  if (chunks.length === 0) return
  await platform.db.transaction(async (tx) => {
    for (const { generation, lastSeq, events } of chunks) {
      await tx.run(insertChunk, { id: newId(), generation_id: generation.id, last_seq: lastSeq, events })
    }
  })
  for (const { generation, lastSeq } of chunks) generation.savedSeq = lastSeq
}
