import { toJson } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import type { WriteTx } from '../../platform/write.ts'
import { endKeyRow, insertKey, liveKeysOfRun } from './keys.repo.ts'
import { hashToken, randomKey } from './random-token.ts'

export interface RunKeyInput {
  trainingRunId: string
  ownerId: string
}

/** A key for one training run's tracking, in the transaction that starts it; give it by environment, write it nowhere. */
export async function createRunKey(tx: WriteTx, { trainingRunId, ownerId }: RunKeyInput): Promise<string> {
  const key = randomKey()
  await tx.run(insertKey, {
    id: newId(),
    user_id: ownerId,
    name: trainingRunId,
    hash: hashToken(key),
    ending: key.slice(-4),
    scopes: toJson(['tracking']),
    created_at: Date.now(),
    expires_at: null,
    last_used_at: null,
    ended_at: null,
    training_run_id: trainingRunId,
  })
  return key
}

/** Ends the run's keys, in the transaction that ends the run. */
export async function endRunKey(tx: WriteTx, trainingRunId: string): Promise<void> {
  for (const key of await tx.all(liveKeysOfRun, { trainingRunId })) {
    await tx.run(endKeyRow, { id: key.id, now: Date.now() })
    tx.emit({ kind: 'api-key', id: key.id, change: 'deleted', ownerId: key.user_id, visibility: 'private' })
  }
}
