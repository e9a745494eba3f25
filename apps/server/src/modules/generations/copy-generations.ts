import { newId } from '../../platform/ids.ts'
import type { WriteTx } from '../../platform/write.ts'
import { type GenerationRow, endedGenerations, insertGenerationCopy } from './generations.repo.ts'

/**
 * Copies answers that have ended, for someone else's conversation; what they cost stays with whom they were made for.
 * Gives the copies' ids by those that they were copied from.
 */
export async function copyGenerations(
  tx: WriteTx,
  ids: readonly string[],
  to: { ownerId: string; subjectId: string },
): Promise<Map<string, string>> {
  const copies = new Map<string, string>()
  for (const row of await endedGenerations(tx, ids)) {
    const copy: GenerationRow = {
      ...row,
      id: newId(),
      owner_id: to.ownerId,
      subject_id: to.subjectId,
      visibility: 'private',
      running_key: null,
      key_id: null,
    }
    await insertGenerationCopy(tx, copy)
    copies.set(row.id, copy.id)
  }
  return copies
}
